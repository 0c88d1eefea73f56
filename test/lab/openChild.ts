// Owns a program that opens one device and says what came of it. Started by udevChecks.ts.
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import { openPrinter, openScanner } from '#drivers/registry.ts';

export type OpenedAs =
  | { readonly kind: 'scanner'; readonly configuration: ScannerConfiguration }
  | { readonly kind: 'printer'; readonly address: string };

function end(word: string): void {
  process.stdout.write(`${word}\n`, () => process.exit(0));
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
  else void opened.value.status().then(({ state }) => end(state));
}

openOne(JSON.parse(process.argv[2] ?? '') as OpenedAs);
