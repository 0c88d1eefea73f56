// Owns the printers that tests print on: virtual ones over TCP and over a pseudo-terminal.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import type { PrintTiming } from '#drivers/printer/job.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import type { PrintOutput, PrintProgress } from '#drivers/printer/printer.ts';
import { networkTransport } from '#drivers/printer/wire/network.ts';
import { serialTransport } from '#drivers/printer/wire/serial.ts';
import { systemTimers } from '#drivers/timers.ts';
import {
  startVirtualPrinter,
  type VirtualPrinter,
  type VirtualPrinterEvent,
  type VirtualPrinterOptions,
} from '#drivers/virtual/printer.ts';
import { sampleReceipt } from '#test/support/receipts.ts';

/** A shop's seconds as tenths: what is tested is the order of things. */
export const quickTiming: Partial<PrintTiming> = {
  connectMs: 1000,
  answerMs: 600,
  beforeSendingMs: 1000,
  stallMs: 150,
  silenceMs: 600,
  ackMs: 3000,
  processIdMs: 600,
  quietMs: 200,
  pollMs: 50,
  waitMs: 5000,
};

/** Where each byte goes through socat, which may stand still: no such time is waited out here. */
const serialTiming: Partial<PrintTiming> = {
  ...quickTiming,
  connectMs: 5000,
  answerMs: 8000,
  stallMs: 8000,
  silenceMs: 8000,
  processIdMs: 8000,
  ackMs: 15_000,
};

export interface VirtualSetting {
  readonly virtual: VirtualPrinter;
  readonly printer: EscPosPrinter;
  /** All states that were reported, the last by its promise. */
  print(outputId: number, output?: PrintOutput): Promise<PrintProgress[]>;
  close(): Promise<void>;
}

function printerOf(
  profileId: string,
  transport: ConstructorParameters<typeof EscPosPrinter>[0]['transport'],
  capabilities: PrinterCapabilities | null,
  timing: Partial<PrintTiming>,
) {
  const profile = printerProfileById(profileId);
  if (profile === null) throw new Error(`no profile ${profileId}`);
  return new EscPosPrinter({
    transport,
    profile,
    capabilities,
    timers: systemTimers,
    timing,
  });
}

function settingOf(
  virtual: VirtualPrinter,
  printer: EscPosPrinter,
  closeMore: () => Promise<void>,
) {
  return {
    virtual,
    printer,
    async print(outputId: number, output?: PrintOutput) {
      const seen: PrintProgress[] = [];
      const document = output ?? ({ kind: 'document', document: sampleReceipt('tr') } as const);
      const last = await printer.print(
        outputId,
        document,
        (progress) => seen.push(progress),
        () => Promise.resolve(true),
      );
      return [...seen, last];
    },
    async close() {
      await printer.close();
      await closeMore();
      await virtual.close();
    },
  };
}

export async function virtualOverTcp(
  options: VirtualPrinterOptions = {},
  capabilities: PrinterCapabilities | null = null,
): Promise<VirtualSetting> {
  const virtual = await startVirtualPrinter(options);
  const transport = networkTransport('127.0.0.1', virtual.port, systemTimers);
  const printer = printerOf(options.profileId ?? 'epson-80', transport, capabilities, quickTiming);
  return settingOf(virtual, printer, () => Promise.resolve());
}

/** The same printer on a serial line: a pair of pseudo-terminals that socat joins. */
export async function virtualOverSerial(
  context: TestContext,
  options: VirtualPrinterOptions = {},
): Promise<VirtualSetting> {
  const virtual = await startVirtualPrinter(options);
  const folder = await mkdtemp(join(tmpdir(), 'puan-printer-'));
  const line = await virtual.openLine(join(folder, 'printer'), 'rts-cts');
  if (!line.ok) {
    await virtual.close();
    return context.skip(`${line.error.code}: ${line.error.detail}`);
  }
  const transport = serialTransport(
    { address: line.value.path, baudRate: 19_200, flow: 'xon-xoff' },
    systemTimers,
  );
  const printer = printerOf(options.profileId ?? 'epson-80', transport, null, serialTiming);
  return settingOf(virtual, printer, () => rm(folder, { recursive: true }));
}

/** Settles at the first such event from now on. */
export function nextEvent(
  virtual: VirtualPrinter,
  type: VirtualPrinterEvent['type'],
): Promise<VirtualPrinterEvent> {
  return new Promise((resolve) => {
    virtual.onEvent((event) => {
      if (event.type === type) resolve(event);
    });
  });
}
