// Owns core under plain Node: core itself, the loopback server, and the devices as a child.
import { fork } from 'node:child_process';
import path from 'node:path';
import { assert } from '#loyalty/assert.ts';
import { type Core, startCore } from '#till/core.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { coreOptions } from '#till/environment.ts';
import { startLoopback } from '#till/loopback.ts';
import { childEnd } from '#till/messageEnds.ts';

/** What the parent is told once the address answers. */
export interface Listening {
  readonly type: 'listening';
  readonly address: string;
}

const RESTART_MS_MIN = 1_000;
const RESTART_MS_MAX = 30_000;
/** A devices process that lived this long starts over at the shortest wait. */
const STEADY_MS = 60_000;

/** Keeps a devices process beside core: selling goes on without it, and it is started again. */
function superviseDevices(core: Core): void {
  let delayMs = RESTART_MS_MIN;

  function start(): void {
    const startedMs = performance.now();
    const child = fork(path.join(import.meta.dirname, 'nodeDevices.ts'), {
      serialization: 'advanced',
    });
    core.attachDevices(childEnd<CoreToDevices, DevicesToCore>(child));
    child.once('exit', () => {
      if (performance.now() - startedMs > STEADY_MS) delayMs = RESTART_MS_MIN;
      setTimeout(start, delayMs);
      delayMs = Math.min(delayMs * 2, RESTART_MS_MAX);
    });
  }
  start();
}

async function main(): Promise<void> {
  const { PUAN_PAGE_FOLDER, PUAN_LOOPBACK_TOKEN, PUAN_LOOPBACK_PORT } = process.env;
  assert(PUAN_PAGE_FOLDER !== undefined, 'PUAN_PAGE_FOLDER is set');
  assert(PUAN_LOOPBACK_TOKEN !== undefined, 'PUAN_LOOPBACK_TOKEN is set');
  const core = startCore(coreOptions(process.env));
  const loopback = await startLoopback({
    pageFolder: PUAN_PAGE_FOLDER,
    port: Number(PUAN_LOOPBACK_PORT ?? '0'),
    token: PUAN_LOOPBACK_TOKEN,
    attachPage: (end) => core.attachPage(end),
  });
  superviseDevices(core);
  // A parent that is gone leaves nobody who could end this process.
  process.on('disconnect', () => process.exit(0));
  process.send?.({ type: 'listening', address: loopback.address } satisfies Listening);
}

await main();
