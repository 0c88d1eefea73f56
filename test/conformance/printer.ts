// Owns what every printer must do, whatever wire or model: run on fakes and on real hardware.
import { describe, expect, it, type TestContext } from 'vitest';
import type { POSPrinter, PrintProgress } from '#drivers/printer/printer.ts';
import { sampleReceipt } from '#test/support/receipts.ts';

export interface PrinterUnderTest {
  readonly printer: POSPrinter;
  close(): Promise<void>;
}

/** `make` skips the test (by its context) where this printer cannot be had. */
export function describePrinter(
  name: string,
  make: (context: TestContext) => Promise<PrinterUnderTest>,
): void {
  describe(`printer: ${name}`, () => {
    it('says that it is ready', async (context) => {
      const { printer, close } = await make(context);
      expect((await printer.status()).state).toBe('ready');
      await close();
    });

    it('asks before the first byte, confirms, and reports each state once', async (c) => {
      const { printer, close } = await make(c);
      const seen: string[] = [];
      const output = { kind: 'document', document: sampleReceipt('tr') } as const;
      const last = await printer.print(
        1,
        output,
        (progress) => seen.push(progress.state),
        () => {
          seen.push('asked');
          return Promise.resolve(true);
        },
      );
      expect(last).toMatchObject({ state: 'confirmed' });
      expect(seen).toEqual(['checking', 'asked', 'sending', 'sent']);
      await close();
    });

    it('sends nothing when the till says no', async (context) => {
      const { printer, close } = await make(context);
      const seen: PrintProgress[] = [];
      const output = { kind: 'document', document: sampleReceipt('en') } as const;
      const last = await printer.print(
        2,
        output,
        (progress) => seen.push(progress),
        () => Promise.resolve(false),
      );
      expect(last).toEqual({ state: 'blocked', reason: 'offline' });
      expect(seen).toEqual([{ state: 'checking' }]);
      await close();
    });

    it('prints several outputs one after the other', async (context) => {
      const { printer, close } = await make(context);
      for (const language of ['tr', 'de', 'en'] as const) {
        const output = { kind: 'document', document: sampleReceipt(language) } as const;
        const last = await printer.print(
          3,
          output,
          () => undefined,
          () => Promise.resolve(true),
        );
        expect(last).toMatchObject({ state: 'confirmed' });
      }
      await close();
    });

    it('opens the drawer with one pulse', async (context) => {
      const { printer, close } = await make(context);
      const last = await printer.print(
        4,
        { kind: 'drawer' },
        () => undefined,
        () => Promise.resolve(true),
      );
      expect(last).toMatchObject({ state: 'confirmed' });
      await close();
    });
  });
}
