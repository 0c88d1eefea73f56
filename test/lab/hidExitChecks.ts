// Owns the lab's checks of a program that ends while a scanner is open.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import { pause } from '#test/lab/until.ts';

/** A process that hangs would wait for the next scan. */
const END_LIMIT_MS = 10_000;

/** Ways for a program to end; exitChild.ts knows them. */
export type Ending = 'release' | 'exit';

async function ends(lab: Lab, configuration: ScannerConfiguration, how: Ending): Promise<void> {
  const child = fork(path.join(import.meta.dirname, 'exitChild.ts'), [
    JSON.stringify(configuration),
    how,
  ]);
  const exited = once(child, 'exit');
  await once(child, 'message');
  const startedMs = performance.now();
  child.send('end');
  const ended = await Promise.race([exited, pause(END_LIMIT_MS)]);
  child.kill('SIGKILL');
  assert.ok(ended !== undefined, `the process hangs (${how})`);
  assert.equal(ended[0], 0, `${how}: ended by ${ended[1] ?? ended[0]}`);
  lab.say(`${how}: ended after ${Math.round(performance.now() - startedMs)} ms`);
}

/** `plugIn` leaves the scanner plugged in and opened by nobody. */
export function exitChecks(
  row: string,
  plugIn: (lab: Lab) => Promise<void>,
  configuration: ScannerConfiguration,
): readonly Check[] {
  return [
    {
      id: `hid ${row}: the program ends while it is open`,
      async run(lab) {
        await plugIn(lab);
        await ends(lab, configuration, 'release');
        await ends(lab, configuration, 'exit');
      },
    },
  ];
}
