// Owns a barcode scanner without hardware: the demo's, and the one that tests unplug.
import { constants, open as openDescriptor } from 'node:fs';
import { type FileHandle, open, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { assert } from '#drivers/assert.ts';
import type { FakeIdentity, FakePorts } from '#drivers/fake/port.ts';
import { type Result, success } from '#drivers/result.ts';
import { systemTimers, type Timers } from '#drivers/timers.ts';
import { openPtyPair, type PtyFault, type PtyPair } from '#drivers/virtual/ptyPair.ts';

const openFile = promisify(openDescriptor);

export type ScanSuffix = 'cr' | 'lf' | 'crlf' | 'tab' | 'crcr' | 'stx-etx' | 'none';

export interface ScanOptions {
  /** How the scanner ends a read; CR when absent. */
  readonly suffix?: ScanSuffix;
  /** AIM identifier sent before the text, such as `]E0`. */
  readonly aim?: string;
  /** Bytes of each write; what is left goes in one more. One write when absent. */
  readonly chunkSizes?: readonly number[];
  /** Milliseconds between two writes; 0 when absent. */
  readonly delayMs?: number;
}

export interface VirtualScanner {
  /** What the till is told to open: a link, so the same after every replug. */
  readonly path: string;
  scan(text: string, options?: ScanOptions): Promise<void>;
  /** Bytes as they are: noise, halves of frames. */
  send(bytes: Uint8Array): Promise<void>;
  unplug(): Promise<void>;
  /** Comes back as another node, such as `ttyACM1`. Only after `unplug`. */
  replug(nodeName: string): Promise<Result<null, PtyFault>>;
  close(): Promise<void>;
}

/** One on a pseudo-terminal also hears what the till says. */
export interface PtyScanner extends VirtualScanner {
  /** Calls back with each piece that the till writes, until the next unplug. */
  listen(listener: (bytes: Uint8Array) => void): Promise<void>;
}

/** What stands before and behind a read. */
export const scanSuffixes: Readonly<Record<ScanSuffix, readonly [string, string]>> = {
  cr: ['', '\r'],
  lf: ['', '\n'],
  crlf: ['', '\r\n'],
  tab: ['', '\t'],
  crcr: ['', '\r\r'],
  'stx-etx': ['\u0002', '\u0003'],
  none: ['', ''],
};

/** The bytes of one read. */
function encodeScan(text: string, options: ScanOptions = {}): Uint8Array {
  const [start, end] = scanSuffixes[options.suffix ?? 'cr'];
  return new TextEncoder().encode(`${start}${options.aim ?? ''}${text}${end}`);
}

/** Sends one read over a serial line, whole or in pieces. */
export async function sendScan(
  send: (bytes: Uint8Array) => Promise<void>,
  timers: Timers,
  text: string,
  options: ScanOptions,
): Promise<void> {
  const bytes = encodeScan(text, options);
  let from = 0;
  for (const size of [...(options.chunkSizes ?? []), bytes.length]) {
    const chunk = bytes.subarray(from, from + size);
    if (chunk.length === 0) return;
    if (from > 0 && options.delayMs !== undefined) {
      const delayMs = options.delayMs;
      await new Promise<void>((resolve) => void timers.after(delayMs, resolve));
    }
    await send(chunk);
    from += size;
  }
}

interface PluggedPty {
  readonly pair: PtyPair;
  readonly far: FileHandle;
  /** A handle of its own: a terminal that is read through the thread pool holds a thread up. */
  ears: ReadStream | null;
}

/** Makes the pair, and points the stable link at its near end, as udev does for a real one. */
async function plugPty(
  directory: string,
  path: string,
  nodeName: string,
): Promise<Result<PluggedPty, PtyFault>> {
  const nearPath = join(directory, nodeName);
  const opened = await openPtyPair(nearPath, join(directory, `${nodeName}.far`));
  if (!opened.ok) return opened;
  // Without O_NOCTTY a daemon would take it as its own terminal, and die at the unplug.
  const far = await open(opened.value.farPath, constants.O_RDWR | constants.O_NOCTTY);
  const fresh = `${path}.new`;
  await symlink(nearPath, fresh);
  await rename(fresh, path);
  return success({ pair: opened.value, far, ears: null });
}

/**
 * A scanner on a pseudo-terminal in `directory`, which exists and is the caller's to delete. The
 * till opens its `path` as it would a real one. Needs `socat`.
 */
export async function openPtyScanner(directory: string): Promise<Result<PtyScanner, PtyFault>> {
  const path = join(directory, 'scanner');
  const first = await plugPty(directory, path, 'ttyACM0');
  if (!first.ok) return first;
  let plugged: PluggedPty | null = first.value;

  async function send(bytes: Uint8Array): Promise<void> {
    assert(plugged !== null, 'an unplugged scanner sends nothing');
    await plugged.far.writeFile(bytes);
  }
  async function unplug(): Promise<void> {
    const old = plugged;
    plugged = null;
    if (old === null) return;
    await old.pair.close();
    old.ears?.destroy();
    await old.far.close();
    await rm(path, { force: true });
  }
  async function listen(listener: (bytes: Uint8Array) => void): Promise<void> {
    assert(plugged !== null && plugged.ears === null, 'one listener, while it is plugged in');
    const flags = constants.O_RDONLY | constants.O_NOCTTY;
    const fd = await openFile(plugged.pair.farPath, flags);
    const ears = new ReadStream(fd);
    ears.on('data', (bytes: Uint8Array) => listener(bytes));
    // The terminal is gone: so is the scanner.
    ears.on('error', () => ears.destroy());
    plugged.ears = ears;
  }
  return success({
    path,
    send,
    listen,
    scan: (text, options = {}) => sendScan(send, systemTimers, text, options),
    unplug,
    async replug(nodeName) {
      assert(plugged === null, 'a scanner is unplugged before it is plugged in again');
      const again = await plugPty(directory, path, nodeName);
      if (!again.ok) return again;
      plugged = again.value;
      return success(null);
    },
    close: unplug,
  });
}

/** The same on ports that exist only in this process: where there is no `socat`. */
export function createFakeScanner(ports: FakePorts, identity?: FakeIdentity): VirtualScanner {
  const path = '/dev/serial/by-id/virtual-scanner';
  let node = '/dev/ttyACM0';
  const plug = (): void => {
    ports.plug(node, identity);
    ports.link(path, node);
  };
  const send = async (bytes: Uint8Array): Promise<void> => ports.send(node, bytes);
  const unplug = async (): Promise<void> => ports.unplug(node);
  plug();
  return {
    path,
    send,
    scan: (text, options = {}) => sendScan(send, ports.timers, text, options),
    unplug,
    async replug(nodeName) {
      node = `/dev/${nodeName}`;
      plug();
      return success(null);
    },
    close: unplug,
  };
}
