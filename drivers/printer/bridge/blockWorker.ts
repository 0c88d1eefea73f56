// Owns one run of the shop's own file of escpos commands, in a thread that can be stopped.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import {
  type BlockPrinter,
  customBlock,
  loadEscpos,
  restoreBytes,
} from '#drivers/printer/bridge/bridgeBlock.ts';
import { failure, type Result, success } from '#drivers/result.ts';

type Build = (printer: BlockPrinter) => unknown;

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  // Behind the first line Node tells who asked for the file.
  return words.split('\n')[0] ?? '';
}

/** The thread is new: the file is read as it is now. */
function loadBlock(file: string): Result<Build, string> {
  try {
    const exported: unknown = createRequire(file)(file);
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
    // Nobody waits for it; its rejection would end the thread.
    returned.catch(() => undefined);
    throw new Error('the function is async: the receipt does not wait for it');
  });
  if (made.ok) return success(Uint8Array.from([...restoreBytes, ...made.value]));
  const { code, command, instead } = made.error;
  return failure(code === 'failed' ? instead : `${command} is refused; use ${instead}`);
}

async function run(file: string): Promise<void> {
  await loadEscpos();
  // From here on the file's own time counts.
  parentPort?.postMessage('started');
  const made = await bytesOf(file);
  parentPort?.postMessage(made);
}

void run(workerData);
