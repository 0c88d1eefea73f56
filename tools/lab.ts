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
  readonly outcomes: readonly (readonly Outcome[])[];
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
  let state: SoakState = saved?.commit === commit ? saved : { commit, outcomes: [] };
  mkdirSync(cacheFolder, { recursive: true });
  const boots = SOAK_CYCLES / SOAK_CYCLES_EACH;
  while (state.outcomes.length < boots) {
    process.stdout.write(`lab: boot ${state.outcomes.length + 1} of ${boots}\n`);
    const outcomes = await boot(['soak'], SOAK_CYCLES_EACH);
    state = { commit, outcomes: [...state.outcomes, outcomes] };
    writeFileSync(SOAK_STATE, JSON.stringify(state));
  }
  rmSync(SOAK_STATE);
  return state.outcomes.flat();
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
