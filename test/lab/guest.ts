// Owns what the lab's guest runs: the checks whose ids begin with one of the arguments, one after
// the other. Started by tools/lab.ts inside the emulated machine.
import { writeFileSync } from 'node:fs';
import { allChecks } from '#test/lab/allChecks.ts';
import { runChecks } from '#test/lab/check.ts';
import { startLabDevices } from '#test/lab/devices.ts';

async function main(wanted: readonly string[]): Promise<number> {
  const checks = allChecks.filter(({ id }) => wanted.some((start) => id.startsWith(start)));
  const devices = startLabDevices();
  const outcomes = await runChecks(checks, devices);
  devices.close();
  writeFileSync('/run/out/outcomes.json', JSON.stringify(outcomes));
  return outcomes.every(({ hasPassed }) => hasPassed) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
