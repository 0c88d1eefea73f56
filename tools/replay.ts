// Owns `npm run replay`: the till's own sales, priced again under another programme. Reads only.
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ReadableDb } from '#db/handle.ts';
import { beginSnapshot, hasMovements } from '#db/history.ts';
import { memberById } from '#db/members.ts';
import { closeReadOnly, openReadOnly } from '#db/open.ts';
import { maskCard } from '#loyalty/card.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { currencyExponent } from '#loyalty/money.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import { createReplay, saleFiguresOf } from '#loyalty/reporting/replay.ts';
import { createComparison, type ReplayReport } from '#loyalty/reporting/replayReport.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { DATABASE_FILE } from '#till/setUp.ts';
import { readProgrammes } from '#tools/price.ts';
import { cacheFolder } from '#tools/project.ts';
import { type History, readHistory } from '#tools/replayHistory.ts';
import { replayTable } from '#tools/replayTable.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 3660;
const PROGRESS_MS = 1000;
/** Sales between two looks at the keyboard and the clock. */
const BATCH = 200;
const EXIT_STOPPED = 130;

const usage = `Usage: npm run replay -- --programme NEW.json --days 30 [--data FOLDER]
  --data FOLDER   the till's data folder; the demo shop's where absent
  --until ISO     the last moment that is looked at; now where absent
  --json          print the comparison as JSON
docs/price.md explains the figures.
`;

interface Request {
  readonly programme: string;
  readonly days: number;
  readonly folder: string;
  readonly untilMs: number;
  readonly isJson: boolean;
}

function readArguments(args: readonly string[]): Result<Request, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        programme: { type: 'string' },
        days: { type: 'string', default: '30' },
        data: { type: 'string', default: path.join(cacheFolder, 'demo', 'shop') },
        until: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { programme, days, data, until, json } = values;
    if (programme === undefined) return failure('--programme is missing.');
    const dayCount = Number(days);
    if (!/^[0-9]+$/.test(days) || dayCount < 1 || dayCount > DAYS_MAX) {
      return failure(`--days: write a whole number from 1 to ${DAYS_MAX}.`);
    }
    const untilMs = until === undefined ? Date.now() : parseInstantIso(until);
    if (untilMs === null) return failure('--until: write a date and time with its zone.');
    return success({ programme, days: dayCount, folder: data, untilMs, isJson: json });
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

/** Says how far it is, once a second, so that a long run is no silence. */
function createProgress(saleCount: number): (done: number) => void {
  let nextMs = performance.now() + PROGRESS_MS;
  return (done) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + PROGRESS_MS;
    process.stderr.write(`${done} of ${saleCount} sales\n`);
  };
}

/** Null where it was stopped. */
export async function compare(
  history: History,
  compiledNow: CompiledProgramme,
  isStopped: () => boolean,
): Promise<ReplayReport | null> {
  const comparison = createComparison(compiledNow);
  const before = createReplay(history.opening);
  const after = createReplay(history.opening);
  const progress = createProgress(history.saleCount);
  let done = 0;
  for (const happening of history.happenings()) {
    if ('movements' in happening) {
      before.apply(happening.movements);
      after.apply(happening.movements);
      continue;
    }
    const { past, compiledThen, figuresThen, receiptNumber } = happening;
    const pricingThen = before.price(compiledThen, past);
    const pricingNow = after.price(compiledNow, past);
    const memberId = past.member?.memberId ?? null;
    const { atMs } = past.moment;
    const figures = { before: figuresThen, after: saleFiguresOf(pricingNow) };
    comparison.add({ receiptNumber, atMs, memberId, ...figures }, compiledThen);
    if (memberId !== null && pricingThen.tier !== null && pricingNow.tier !== null) {
      comparison.tier(memberId, pricingThen.tier.tierIdAfter, pricingNow.tier.tierIdAfter);
    }
    done += 1;
    if (done % BATCH !== 0) continue;
    progress(done);
    await setImmediate();
    if (isStopped()) return null;
  }
  return comparison.report();
}

/** The last digits of a member's card: enough to find it, too little to use it. */
function cardOf(db: ReadableDb, memberId: string): string {
  const member = memberById(db, memberId);
  return member === null ? memberId : maskCard(member.cardNumber);
}

async function replay(
  db: ReadableDb,
  request: Request,
  compiledNow: CompiledProgramme,
): Promise<number> {
  if (!hasMovements(db)) {
    process.stderr.write('The database is of an older version: start the till once, then again.\n');
    return 1;
  }
  beginSnapshot(db);
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  process.once('SIGINT', stop);
  try {
    const { untilMs, days, isJson } = request;
    const history = readHistory(db, untilMs - days * DAY_MS, untilMs);
    const report = await compare(history, compiledNow, () => isStopped);
    if (report === null) {
      process.stderr.write('Stopped. Nothing was changed.\n');
      return EXIT_STOPPED;
    }
    const { currency, programmeVersion } = compiledNow;
    const text = isJson
      ? JSON.stringify({ programmeVersion, days, ...report }, null, 2)
      : replayTable(report, {
          programmeVersion,
          days,
          decimals: currencyExponent(currency),
          currency,
          cardOf: (memberId) => cardOf(db, memberId),
        });
    process.stdout.write(`${text}\n`);
    return 0;
  } finally {
    process.off('SIGINT', stop);
  }
}

/** 0: compared; 1: a file is wrong; 2: the command line was not understood; 130: stopped. */
export async function main(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  if (!request.ok) {
    process.stderr.write(`${request.error}\n${usage}`);
    return 2;
  }
  const programmes = readProgrammes([request.value.programme]);
  if (!programmes.ok) {
    for (const problem of programmes.error) process.stderr.write(`${problem}\n`);
    return 1;
  }
  const [programme] = programmes.value;
  const opened = openReadOnly(path.join(request.value.folder, DATABASE_FILE));
  if (programme === undefined || !opened.ok) {
    const { path: file, detail } = opened.ok ? { path: '', detail: '' } : opened.error;
    process.stderr.write(`${file}: the till's database cannot be read: ${detail}\n`);
    return 1;
  }
  try {
    return await replay(opened.value, request.value, compile(programme));
  } finally {
    closeReadOnly(opened.value);
  }
}
