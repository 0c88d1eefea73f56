// Owns what a job consists of: the output's own bytes, and the questions that tell how far it got.

import type { PrintJob } from '#drivers/printer/job.ts';
import {
  type CustomBytes,
  drawerPulse,
  encodeReceipt,
  paperStatusRequest,
  processIdRequest,
} from '#drivers/printer/paper/encode.ts';
import { layoutReceipt } from '#drivers/printer/paper/layout.ts';
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';
import { middleOf, splitJob } from '#drivers/printer/parts.ts';
import type { AckLevel, PrintOutput } from '#drivers/printer/printer.ts';

/** The highest picture in one command (raster.ts), in rows of dots. */
const PICTURE_ROWS_MAX = 128;
const PICTURE_HEAD_BYTES = 8;

/**
 * As long as the longest command that we send, a picture as wide as the paper: so many NULs end
 * what a broken session left half said, as white dots at worst, and print nothing themselves.
 */
export function flushBytes(profile: PrinterProfile): number {
  return PICTURE_HEAD_BYTES + Math.ceil(profile.widthDots / 8) * PICTURE_ROWS_MAX;
}

/** The bytes of an output; null for one that cannot be encoded. What is missing is told first. */
export function outputBytes(
  output: PrintOutput,
  profile: PrinterProfile,
  customBytes: CustomBytes = new Map(),
  onMissing: (missing: readonly string[]) => void = () => undefined,
): Uint8Array | null {
  if (output.kind === 'drawer') return drawerPulse;
  const rows = layoutReceipt(output.document, profile.columns);
  const encoded = encodeReceipt(rows, profile, customBytes);
  if (!encoded.ok) return null;
  if (encoded.value.missing.length > 0) onMissing(encoded.value.missing);
  return encoded.value.bytes;
}

export interface Preparation {
  readonly outputId: number;
  readonly bytes: Uint8Array;
  readonly ackLevel: AckLevel;
  /** Of flushBytes where the printer may stand in the middle of a command; else 0. */
  readonly flushCount: number;
  readonly mayWait: boolean;
  /** By the probe; false where nobody asked. */
  readonly answersProcessId?: boolean;
}

export function prepareJob(wanted: Preparation): PrintJob {
  const { outputId, bytes, ackLevel, mayWait } = wanted;
  const digits = String(outputId % 10_000).padStart(4, '0');
  const ids = { middle: `m${digits.slice(1)}`, end: digits };
  const questions = (id: string): Uint8Array[] => [
    ...(ackLevel === 'processId' || ackLevel === 'gsR' ? [paperStatusRequest] : []),
    ...(ackLevel === 'processId' ? [processIdRequest(id)] : []),
  ];
  const middle = questions('0000').length === 0 ? null : middleOf(bytes);
  const whole = Buffer.concat([
    new Uint8Array(wanted.flushCount),
    ...(middle === null ? [] : [bytes.subarray(0, middle), ...questions(ids.middle)]),
    bytes.subarray(middle ?? 0),
    ...questions(ids.end),
  ]);
  return {
    parts: splitJob(whole),
    processId: ids.end,
    middleId: ackLevel === 'processId' && middle !== null ? ids.middle : null,
    sensorQuestions: middle === null ? 1 : 2,
    ackLevel,
    answersProcessId: wanted.answersProcessId ?? false,
    mayWait,
  };
}
