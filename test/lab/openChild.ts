// Owns a program that opens one device and says what came of it. Started by udevChecks.ts.
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import type { POSPrinter } from '#drivers/printer/printer.ts';
import { openPrinter, openScanner } from '#drivers/registry.ts';

export type OpenedAs =
  | { readonly kind: 'scanner'; readonly configuration: ScannerConfiguration }
  | { readonly kind: 'printer'; readonly address: string };

function end(word: string): void {
  process.stdout.write(`${word}\n`, () => process.exit(0));
}

/** A status is asked within a second, which an emulated machine may not keep the first time. */
async function stateOf(printer: POSPrinter): Promise<string> {
  for (let tried = 0; tried < 5; tried += 1) {
    const { state } = await printer.status();
    if (state === 'ready') return state;
  }
  return (await printer.status()).state;
}

function openOne(wanted: OpenedAs): void {
  if (wanted.kind === 'scanner') {
    openScanner(wanted.configuration).claim((event) => {
      if (event.type !== 'state') return;
      if (event.state === 'ready' || event.error !== null) end(event.error?.code ?? 'ready');
    });
    return;
  }
  const { address } = wanted;
  const opened = openPrinter({ address, profileId: 'epson-80', capabilities: null });
  if (!opened.ok) end(opened.error.code);
  else void stateOf(opened.value).then(end);
}

openOne(JSON.parse(process.argv[2] ?? '') as OpenedAs);
