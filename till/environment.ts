// Owns what an entry point of core reads from its environment and from the real world.
import { randomBytes } from 'node:crypto';
import { assert } from '#loyalty/assert.ts';
import type { CoreOptions } from '#till/core.ts';

/** Set by the launcher: the folder with the shop file and the database. */
export const DATA_FOLDER_VARIABLE = 'PUAN_DATA_FOLDER';

function setTimer(task: () => void, delayMs: number): { cancel(): void } {
  const timer = setTimeout(task, delayMs);
  return { cancel: () => clearTimeout(timer) };
}

/**
 * The real clock, chance, network and timers; devices as TILL_SCANNER and TILL_PRINTER name them.
 */
export function coreOptions(env: NodeJS.ProcessEnv): CoreOptions {
  const dataFolder = env[DATA_FOLDER_VARIABLE];
  assert(dataFolder !== undefined, `${DATA_FOLDER_VARIABLE} is set`);
  return {
    dataFolder,
    nowMs: () => Date.now(),
    randomBytes: (size) => randomBytes(size),
    fetch: globalThis.fetch,
    setTimer,
    scannerPath: env['TILL_SCANNER'] ?? null,
    printerAddress: env['TILL_PRINTER'] ?? null,
  };
}
