// Owns `npm run price`: programme, state and basket as files in, what they come to as JSON out.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BasketFile } from '#loyalty/files/basketFile.ts';
import { type FileFault, parseBasket, parseState } from '#loyalty/files/inputFiles.ts';
import { type Files, priceFiles } from '#loyalty/files/priceFiles.ts';
import { instantText, parseInstantIso } from '#loyalty/instant.ts';
import { compile } from '#loyalty/programme/compile.ts';
import { clashFaults, type Programme, parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { programmeInForce } from '#loyalty/programme/programmeInForce.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { memberIdOfCard, saleDigestHex } from '#till/hashes.ts';

const usage = `Usage: npm run price -- --programme P.json --state S.json --basket B.json --at ISO
  --programme P.json   may be given twice or more: the version in force at --at is used
  --return LINES       what comes back: all, or line:units such as 1:2,3:1
  --return-at ISO      when it comes back; --at where absent
  --manager            a manager allows a late return
docs/price.md explains the files.
`;
const INSTANT_WORDS = 'write a date and time with its zone, such as 2026-01-31T10:00:00+03:00';

/** Lines for standard error; the command line itself was understood. */
type Problems = readonly string[];

function readText(file: string): Result<string, Problems> {
  try {
    return success(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure([`${file}: cannot be read: ${reason}`]);
  }
}

function problemsOf(file: string, faults: readonly FileFault[]): Problems {
  return faults.map(({ path, message }) => `${file}: ${path}: ${message}`);
}

function readChecked<T>(
  file: string,
  parse: (text: string) => Result<T, readonly FileFault[]>,
): Result<T, Problems> {
  const text = readText(file);
  if (!text.ok) return text;
  const parsed = parse(text.value);
  return parsed.ok ? parsed : failure(problemsOf(file, parsed.error));
}

/** The version that a till would price with; before any of them begins nothing is priced. */
function inForce(programmes: readonly Programme[], atMs: number): Result<Programme, Problems> {
  const found = programmeInForce(programmes, atMs);
  if (found !== null && found.effectiveFromMs <= atMs) return success(found);
  return failure([`--at: the programme begins at ${found?.effectiveFromIso ?? ''}`]);
}

export function readProgrammes(files: readonly string[]): Result<readonly Programme[], Problems> {
  const read = files.map((file) => readChecked(file, parseProgramme));
  const problems = read.flatMap((one) => (one.ok ? [] : one.error));
  const programmes = read.flatMap((one) => (one.ok ? [one.value] : []));
  const clashes = clashFaults(programmes);
  const all = [...problems, ...problemsOf(files.at(-1) ?? '', clashes)];
  return all.length > 0 ? failure(all) : success(programmes);
}

function readInstant(option: string, text: string): Result<number, Problems> {
  const atMs = parseInstantIso(text);
  return atMs === null ? failure([`${option}: ${INSTANT_WORDS}`]) : success(atMs);
}

type ReturnedLines = NonNullable<Files['comesBack']>['lines'];

function readReturn(text: string, basket: BasketFile): Result<ReturnedLines, Problems> {
  if (basket.action !== 'sale') return failure(['--return: only a sale comes back']);
  if (text === 'all') return success('all');
  const numbers = new Set(basket.lines.map(({ line }, index) => line ?? index + 1));
  const lines: { line: number; quantity: number }[] = [];
  for (const part of text.split(',')) {
    const match = /^([1-9][0-9]{0,5}):([1-9][0-9]{0,2})$/.exec(part.trim());
    if (match === null) return failure([`--return: write all, or line:units such as 1:2,3:1`]);
    const [line, quantity] = [Number(match[1]), Number(match[2])];
    if (!numbers.has(line)) return failure([`--return: the basket has no line ${line}`]);
    lines.push({ line, quantity });
  }
  return success(lines);
}

interface Request {
  readonly programmes: readonly string[];
  readonly state: string;
  readonly basket: string;
  readonly at: string;
  readonly comesBack: string | null;
  readonly comesBackAt: string | null;
  readonly isManager: boolean;
}

/** What was asked for, or what is wrong with the command line. */
function readArguments(args: readonly string[]): Result<Request, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        programme: { type: 'string', multiple: true },
        state: { type: 'string' },
        basket: { type: 'string' },
        at: { type: 'string' },
        return: { type: 'string' },
        'return-at': { type: 'string' },
        manager: { type: 'boolean', default: false },
      },
    });
    const { programme = [], state, basket, at, manager } = values;
    if (programme.length === 0) return failure('--programme is missing.');
    if (state === undefined) return failure('--state is missing.');
    if (basket === undefined) return failure('--basket is missing.');
    if (at === undefined) return failure('--at is missing.');
    const comesBack = values.return ?? null;
    const comesBackAt = values['return-at'] ?? null;
    if (comesBack === null && comesBackAt !== null) return failure('--return is missing.');
    return success({
      programmes: programme,
      state,
      basket,
      at,
      comesBack,
      comesBackAt,
      isManager: manager,
    });
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

function comesBackOf(
  request: Request,
  basket: BasketFile,
  atMs: number,
): Result<Files['comesBack'], Problems> {
  const { comesBack, comesBackAt, isManager } = request;
  if (comesBack === null) return success(null);
  const lines = readReturn(comesBack, basket);
  if (!lines.ok) return lines;
  const back = comesBackAt === null ? success(atMs) : readInstant('--return-at', comesBackAt);
  if (!back.ok) return back;
  if (back.value < atMs) return failure([`--return-at: write ${instantText(atMs)} or later`]);
  return success({ lines: lines.value, atMs: back.value, isApprovedByManager: isManager });
}

function price(request: Request): Result<unknown, Problems> {
  const programmes = readProgrammes(request.programmes);
  const state = readChecked(request.state, parseState);
  const basket = readChecked(request.basket, parseBasket);
  const at = readInstant('--at', request.at);
  if (!(programmes.ok && state.ok && basket.ok && at.ok)) {
    return failure([programmes, state, basket, at].flatMap((one) => (one.ok ? [] : one.error)));
  }
  const programme = inForce(programmes.value, at.value);
  if (!programme.ok) return programme;
  const comesBack = comesBackOf(request, basket.value, at.value);
  if (!comesBack.ok) return comesBack;
  const priced = priceFiles({
    compiled: compile(programme.value),
    state: state.value,
    basket: basket.value,
    atMs: at.value,
    saleDigestHex: saleDigestHex(basket.value.transactionId),
    memberIdOfCard,
    comesBack: comesBack.value,
  });
  return priced.ok ? priced : failure(problemsOf(request.basket, priced.error));
}

/** 0: priced; 1: something is wrong with a file; 2: the command line was not understood. */
export function main(args: readonly string[]): number {
  const request = readArguments(args);
  if (!request.ok) {
    process.stderr.write(`${request.error}\n${usage}`);
    return 2;
  }
  const priced = price(request.value);
  if (!priced.ok) {
    for (const problem of priced.error) process.stderr.write(`${problem}\n`);
    return 1;
  }
  process.stdout.write(`${JSON.stringify(priced.value, null, 2)}\n`);
  return 0;
}
