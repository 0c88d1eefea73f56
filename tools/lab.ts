// Owns `npm run lab`: the shipped drivers on real kernel devices, inside an emulated machine.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type GuestRun, missingForLab, prepareLab, runInGuest } from '#tools/labMachine.ts';
import { cacheFolder, projectFolder } from '#tools/project.ts';

const FAILED = 1;
const NOT_UNDERSTOOD = 2;
/** As sysexits.h has it for "a service is unavailable": this computer cannot run the lab. */
const UNAVAILABLE = 69;

/**
 * One boot each: a guest that dies takes only its own part with it, and a kernel makes four HID
 * interfaces at the most.
 */
const BOOTS: readonly (readonly string[])[] = [
  ['hid honeywell', 'hid symbol'],
  ['hid unnumbered', 'uhid', 'wedge'],
  ['hid twin', 'serial'],
  ['printer', 'udev'],
  ['conformance'],
  ['soak'],
];
/**
 * Node strips types by WebAssembly, and V8 loses count of code pages while it compiles that anew
 * in the background: on a busy emulated processor it then ends the program in
 * `Runtime_WasmTriggerTierUp` ("Check failed: it->second.Size() > offset", or a segmentation fault;
 * of the same family as nodejs/node#64500). Compiled once, it stays.
 */
const V8_FLAGS = ['--liftoff-only'];
const BOOT_LIMIT_MS = 40 * 60_000;

const SOAK_CYCLES = 100;
const SOAK_CYCLES_EACH = 25;
/** Machines that soak beside each other: they wait for plugs more than they compute. */
const SOAK_MACHINES = 2;
const QUICK_CYCLES = 5;
const SOAK_STATE = path.join(cacheFolder, 'labSoak.json');

const usage = `Usage: npm run lab -- [--soak] [--only=PART,PART]
  --soak   only the soak, ${SOAK_CYCLES} cycles of each device over several boots;
           goes on where it was stopped
  --only   checks whose names begin so: hid, uhid, serial, wedge, printer, udev, conformance, soak
`;

interface Outcome {
  readonly id: string;
  readonly hasPassed: boolean;
}

interface SoakState {
  readonly commit: string;
  /** By boot; null for one that has yet to be done. */
  readonly outcomes: readonly (readonly Outcome[] | null)[];
}

/** What is not committed is named, so that no result is credited to another state of the code. */
function commitNow(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  const isDirty = git('status', '--porcelain', '--untracked-files=no') !== '';
  return git('rev-parse', '--short', 'HEAD') + (isDirty ? '+changes' : '');
}

/** The outcomes that the guest wrote down; where it did not end, what it printed. */
function outcomesOf({ exitCode, files, output }: GuestRun, parts: readonly string[]): Outcome[] {
  const written = files.get('outcomes.json');
  const outcomes = written === undefined ? printed(output) : (JSON.parse(written) as Outcome[]);
  if (exitCode === null || written === undefined) {
    const id = `${parts.join(', ')}: the guest did not finish`;
    process.stdout.write(`FAIL ${id}\n`);
    return [...outcomes, { id, hasPassed: false }];
  }
  return outcomes;
}

function printed(output: string): Outcome[] {
  return [...output.matchAll(/^(PASS|FAIL) (.*) \(\d+ ms\)/gm)].map((match) => ({
    id: match[2] ?? '',
    hasPassed: match[1] === 'PASS',
  }));
}

async function boot(parts: readonly string[], cycles: number): Promise<Outcome[]> {
  const isConformance = parts.includes('conformance');
  const file = isConformance ? 'test/lab/conformanceGuest.ts' : 'test/lab/guest.ts';
  const command = [process.execPath, ...V8_FLAGS, path.join(projectFolder, file), ...parts];
  const variables = { PUAN_LAB: '1', PUAN_LAB_CYCLES: String(cycles) };
  return outcomesOf(await runInGuest(command, variables, BOOT_LIMIT_MS), parts);
}

/** Prints the count, in the words of the other tests. */
function report(outcomes: readonly Outcome[], startedMs: number): number {
  const failed = outcomes.filter(({ hasPassed }) => !hasPassed);
  for (const { id } of failed) process.stdout.write(`failed: ${id}\n`);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  process.stdout.write(`lab: ${commitNow()}, ${os.cpus().length} cores, ${seconds} s\n`);
  process.stdout.write(`${outcomes.length - failed.length} passed, ${failed.length} failed\n`);
  return failed.length > 0 || outcomes.length === 0 ? FAILED : 0;
}

async function quick(only: readonly string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const parts of BOOTS) {
    const wanted =
      only.length === 0
        ? parts
        : parts.flatMap((part) =>
            only.flatMap((one) =>
              one.startsWith(part) ? [one] : part.startsWith(one) ? [part] : [],
            ),
          );
    if (wanted.length > 0) outcomes.push(...(await boot(wanted, QUICK_CYCLES)));
  }
  return outcomes;
}

async function soak(): Promise<Outcome[]> {
  const commit = commitNow();
  const saved = existsSync(SOAK_STATE)
    ? (JSON.parse(readFileSync(SOAK_STATE, 'utf8')) as SoakState)
    : null;
  const boots = SOAK_CYCLES / SOAK_CYCLES_EACH;
  const outcomes: (readonly Outcome[] | null)[] =
    saved?.commit === commit ? [...saved.outcomes] : Array.from({ length: boots }, () => null);
  const left = outcomes.flatMap((done, index) => (done === null ? [index] : []));
  mkdirSync(cacheFolder, { recursive: true });
  const work = async (): Promise<void> => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      process.stdout.write(`lab: boot ${index + 1} of ${boots}\n`);
      outcomes[index] = await boot(['soak'], SOAK_CYCLES_EACH);
      writeFileSync(SOAK_STATE, JSON.stringify({ commit, outcomes } satisfies SoakState));
    }
  };
  await Promise.all(Array.from({ length: SOAK_MACHINES }, work));
  rmSync(SOAK_STATE, { force: true });
  return outcomes.flatMap((done) => done ?? []);
}

/** 0: all passed; 1: something failed; 2: not understood; 69: this computer cannot run it. */
export async function main(args: readonly string[]): Promise<number> {
  const isSoak = args.includes('--soak');
  const only = args.find((arg) => arg.startsWith('--only='));
  if (args.some((arg) => arg !== '--soak' && arg !== only)) {
    process.stderr.write(usage);
    return NOT_UNDERSTOOD;
  }
  const missing = missingForLab();
  if (missing.length > 0) {
    process.stderr.write(`The lab cannot run here.\n${missing.join('\n')}\n`);
    return UNAVAILABLE;
  }
  const startedMs = performance.now();
  prepareLab();
  const parts = only?.slice('--only='.length).split(',') ?? [];
  return report(isSoak ? await soak() : await quick(parts), startedMs);
}
