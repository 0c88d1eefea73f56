// Owns what an entry point of core reads from its environment and from the real world.
import { randomFillSync } from 'node:crypto';
import { assert } from '#loyalty/assert.ts';
import type { CoreOptions } from '#till/core.ts';

/** Set by the launcher: the folder with the shop file and the database. */
export const DATA_FOLDER_VARIABLE = 'PUAN_DATA_FOLDER';

const POOL_BYTES = 4096;
const pool = new Uint8Array(POOL_BYTES);
let poolOffset = POOL_BYTES;

/**
 * Random bytes for cryptographic use. Drawn from the system in large pieces: each call of
 * its own costs a sale as much as a statement. No byte is given twice or kept.
 */
export function pooledRandomBytes(size: number): Uint8Array {
  assert(size <= POOL_BYTES, 'the pool holds what is asked');
  if (poolOffset + size > POOL_BYTES) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const end = poolOffset + size;
  const bytes = pool.slice(poolOffset, end);
  pool.fill(0, poolOffset, end);
  poolOffset = end;
  return bytes;
}

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
    randomBytes: pooledRandomBytes,
    fetch: globalThis.fetch,
    setTimer,
    scannerPath: env['TILL_SCANNER'] ?? null,
    printerAddress: env['TILL_PRINTER'] ?? null,
  };
}
