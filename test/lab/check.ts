// Owns one check of the lab: its id in the matrix, and how all are run and counted.
import type { LabDevices } from '#test/lab/devices.ts';

export interface Lab {
  readonly devices: LabDevices;
  /** A measured figure for whoever reads the output. */
  say(fact: string): void;
  /** Runs when the check ends, however it ends; the last first. */
  after(cleanUp: () => Promise<void> | void): void;
}

export interface Check {
  /** `part: what`, as the matrix has it. */
  readonly id: string;
  /** Five minutes when absent. */
  readonly limitMs?: number;
  run(lab: Lab): Promise<void>;
}

export interface Outcome {
  readonly id: string;
  readonly hasPassed: boolean;
}

/** Emulation beside other work is slow; a check that hangs must still end. */
const CHECK_LIMIT_MS = 300_000;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function runOne(check: Check, devices: LabDevices): Promise<boolean> {
  const startedMs = performance.now();
  const cleanUps: (() => Promise<void> | void)[] = [];
  const lab: Lab = {
    devices,
    say: (fact) => print(`     ${fact}`),
    after: (cleanUp) => void cleanUps.push(cleanUp),
  };
  const faults: string[] = [];
  const note = (error: unknown) =>
    void faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await within(check.run(lab), check.limitMs ?? CHECK_LIMIT_MS, 'the check').catch(note);
  for (const cleanUp of cleanUps.reverse()) {
    const done = Promise.resolve().then(cleanUp);
    await within(done, CHECK_LIMIT_MS, 'cleaning up').catch(note);
  }
  const tookMs = Math.round(performance.now() - startedMs);
  if (faults.length === 0) print(`PASS ${check.id} (${tookMs} ms)`);
  else print(`FAIL ${check.id} (${tookMs} ms): ${faults.join('\n  ')}`);
  return faults.length === 0;
}

/** Runs each in turn; a line for each as it ends. */
export async function runChecks(
  checks: readonly Check[],
  devices: LabDevices,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    outcomes.push({ id: check.id, hasPassed: await runOne(check, devices) });
  }
  return outcomes;
}
