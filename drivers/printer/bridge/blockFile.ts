// Owns the shop's own files of escpos commands: runs each for a receipt, and gets checked bytes.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CustomBytes } from '#drivers/printer/paper/encode.ts';
import type { PrintOutput } from '#drivers/printer/printer.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { systemTimers } from '#drivers/timers.ts';

/** One line for whoever looks after the till; `event` has no spaces. */
export type LogLine = (event: string, detail: string) => void;

/** Beside this file, and with its ending: as source and as the bundle of an installed till. */
const self = fileURLToPath(import.meta.url);
const workerFile = path.join(path.dirname(self), `blockWorker${path.extname(self)}`);

/** A thread of a busy computer takes its time to start; the file is not to blame for that. */
const START_MS_MAX = 10_000;
/** A block is a few rows: a file that takes longer never ends. */
const RUN_MS_MAX = 2_000;
/**
 * A block is a few rows: a file that gathers more objects than this is broken. Buffers lie outside
 * of what Node bounds: those are held until the thread ends, RUN_MS_MAX at most.
 */
const MEMORY_MB_MAX = 64;

/** The file runs in the same thread as blockWorker.ts, and may send whatever it likes. */
function madeOf(message: unknown): Result<Uint8Array, string> {
  if (typeof message === 'object' && message !== null && 'ok' in message) {
    if ('value' in message && message.value instanceof Uint8Array) return success(message.value);
    if ('error' in message && typeof message.error === 'string') return failure(message.error);
  }
  return failure('sent something else than rows from its thread');
}

/**
 * Runs the file in a thread of its own: one that never ends, ends the program or fills the memory
 * with objects takes neither this process nor its scanners along.
 */
function bytesOf(file: string): Promise<Result<Uint8Array, string>> {
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, {
      workerData: file,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
    });
    let cancel: () => void = () => undefined;
    const settle = (made: Result<Uint8Array, string>): void => {
      cancel();
      resolve(made);
      void worker.terminate();
    };
    const limit = (durationMs: number): void => {
      cancel();
      cancel = systemTimers.after(durationMs, () =>
        settle(failure(`did not end within ${durationMs} ms`)),
      );
    };
    limit(START_MS_MAX);
    worker.once('message', () => {
      limit(RUN_MS_MAX);
      worker.once('message', (message: unknown) => settle(madeOf(message)));
    });
    // Anything can be thrown, null too.
    worker.once('error', (error: unknown) =>
      settle(failure(error instanceof Error ? error.message : String(error))),
    );
    worker.once('exit', () => settle(failure('ended its thread before the function was done')));
  });
}

/**
 * The bytes of a document's own blocks, by file. A file that is missing, throws, does not end, or
 * holds what is refused is left out and told to `log`: a receipt is not lost for it.
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
