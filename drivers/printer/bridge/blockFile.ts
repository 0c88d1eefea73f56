// Owns the shop's own file of escpos commands: loads it for each receipt and makes checked bytes.
import { createRequire } from 'node:module';
import {
  type BlockPrinter,
  customBlock,
  restoreBytes,
} from '#drivers/printer/bridge/bridgeBlock.ts';
import type { CustomBytes } from '#drivers/printer/paper/encode.ts';
import type { PrintOutput } from '#drivers/printer/printer.ts';
import { failure, type Result, success } from '#drivers/result.ts';

/** One line for whoever looks after the till; `event` has no spaces. */
export type LogLine = (event: string, detail: string) => void;

type Build = (printer: BlockPrinter) => unknown;

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  // Behind the first line Node tells who asked for the file.
  return words.split('\n')[0] ?? '';
}

/** As the file is now: what a shop changes holds from the next receipt on. */
function loadBlock(file: string): Result<Build, string> {
  try {
    const require = createRequire(file);
    delete require.cache[require.resolve(file)];
    const exported: unknown = require(file);
    if (typeof exported !== 'function') return failure('exports no function of the printer');
    return success((printer): unknown => Reflect.apply(exported, undefined, [printer]));
  } catch (error) {
    return failure(wordsOf(error));
  }
}

/** What a receipt sends for the file; the fault says what to use instead. */
async function bytesOf(file: string): Promise<Result<Uint8Array, string>> {
  const loaded = loadBlock(file);
  if (!loaded.ok) return loaded;
  const made = await customBlock((printer) => {
    const returned = loaded.value(printer);
    if (!(returned instanceof Promise)) return;
    // Nobody waits for it; its rejection would end the process.
    returned.catch(() => undefined);
    throw new Error('the function is async: the receipt does not wait for it');
  });
  if (made.ok) return success(Uint8Array.from([...restoreBytes, ...made.value]));
  const { code, command, instead } = made.error;
  return failure(code === 'failed' ? instead : `${command} is refused; use ${instead}`);
}

/**
 * The bytes of a document's own blocks, by file. A file that is missing, throws, or holds what is
 * refused is left out and told to `log`: a receipt is not lost for it.
 */
export async function customBytesOf(output: PrintOutput, log: LogLine): Promise<CustomBytes> {
  const made = new Map<string, Uint8Array>();
  if (output.kind !== 'document') return made;
  const blocks = output.document.blocks.filter((block) => block.type === 'custom');
  for (const { file } of blocks) {
    const bytes = await bytesOf(file);
    if (bytes.ok) made.set(file, bytes.value);
    else log('receipt-block.left-out', `file=${file} ${bytes.error}`);
  }
  return made;
}
