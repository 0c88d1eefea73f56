// Goal: every printer keeps the POSPrinter contract. Method: the same tests on the virtual printer
// over TCP, over a serial line (socat), and on hardware named by TILL_TEST_PRINTER (it prints).
import { openPrinter } from '#drivers/registry.ts';
import { describePrinter } from '#test/conformance/printer.ts';
import { virtualOverSerial, virtualOverTcp } from '#test/support/printers.ts';

describePrinter('virtual over TCP', () => virtualOverTcp());
describePrinter('virtual over TCP, no process id', () =>
  virtualOverTcp({ hasNoProcessId: true, splitsReplies: true, hasXoffNoise: true }),
);
describePrinter('virtual over TCP, a mute clone', () =>
  virtualOverTcp({ profileId: 'generic-80-mute', isSilent: true }),
);
describePrinter('virtual over a serial line', (context) => virtualOverSerial(context));
describePrinter('hardware', (context) => {
  const address = process.env['TILL_TEST_PRINTER'];
  if (address === undefined) context.skip('TILL_TEST_PRINTER names no printer');
  const profileId = process.env['TILL_TEST_PRINTER_PROFILE'] ?? 'epson-80';
  const opened = openPrinter({ address: address ?? '', profileId, capabilities: null });
  if (!opened.ok) throw new Error(opened.error.detail);
  const printer = opened.value;
  return Promise.resolve({ printer, close: () => printer.close() });
});
