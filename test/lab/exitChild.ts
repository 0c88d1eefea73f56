// Owns a program that opens a scanner and ends when it is told to. Started by hidExitChecks.ts.
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import { openScanner } from '#drivers/registry.ts';
import type { Ending } from '#test/lab/hidExitChecks.ts';

const [configuration = '', how = ''] = process.argv.slice(2);
const scanner = openScanner(JSON.parse(configuration) as ScannerConfiguration);

process.once('message', () => {
  if ((how as Ending) === 'exit') process.exit(0);
  void scanner.release().then(() => process.disconnect());
});
scanner.claim((event) => {
  if (event.type === 'state' && event.state === 'ready') process.send?.('ready');
});
