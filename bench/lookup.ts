// Owns the measurement of member lookup by card, at one and at five million members.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReadableDb, transaction, type WritableDb } from '#db/handle.ts';
import { memberByCard, upsertMembersFromServer } from '#db/members.ts';
import { closeDatabase, openDatabase } from '#db/open.ts';
import { assert } from '#loyalty/assert.ts';
import type { Member } from '#loyalty/books/member.ts';

const SMALL_COUNT = 1_000_000;
const BAR_RATIO = 1.5;
const BAR_P99_NS = 20_000;
const LARGE_COUNT = 5_000_000;
const BATCH_COUNT = 20_000;
const ROUNDS = 5;
/** Enough that each page of the larger file was touched. */
const WARM_UP_ROUNDS = 8;
const LOOKUPS_PER_ROUND = 20_000;
/** Numbers between two cards, so that cards are spread over the shop's number space. */
const CARD_STEP = 173;

/** Lehmer generator: the same cards in every run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function cardOf(index: number): string {
  return `299${String(index * CARD_STEP).padStart(10, '0')}`;
}

function makeMember(index: number): Member {
  return {
    memberId: `member-${String(index).padStart(8, '0')}`,
    cardNumber: cardOf(index),
    displayName: `A. ${index}`,
    balancePoints: index % 5000,
    tierPoints: index % 20_000,
    isBlocked: false,
  };
}

/** Opened as a till opens it: the look-up is measured under the till's own pragmas. */
function open(path: string): WritableDb {
  const opened = openDatabase(path, { nowMs: 0, backupFolder: join(path, '..', 'backups') });
  assert(opened.ok, 'the database opens');
  return opened.value;
}

function build(path: string, count: number): void {
  const db = open(path);
  for (let from = 0; from < count; from += BATCH_COUNT) {
    const members = Array.from({ length: BATCH_COUNT }, (_, offset) => makeMember(from + offset));
    transaction(db, () => upsertMembersFromServer(db, members, 0, 0));
    if ((from + BATCH_COUNT) % SMALL_COUNT === 0) {
      process.stderr.write(`  ${(from + BATCH_COUNT) / SMALL_COUNT} of ${count / SMALL_COUNT} M\n`);
    }
  }
  closeDatabase(db);
}

/** Nanoseconds of each lookup, sorted. */
function measure(db: ReadableDb, count: number, random: (below: number) => number): number[] {
  const tookNs: number[] = [];
  for (let lookup = 0; lookup < LOOKUPS_PER_ROUND; lookup += 1) {
    const card = cardOf(random(count));
    const from = process.hrtime.bigint();
    const member = memberByCard(db, card);
    tookNs.push(Number(process.hrtime.bigint() - from));
    assert(member?.cardNumber === card, 'the member of the card is found');
  }
  return tookNs.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function median(values: readonly number[]): number {
  return at(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

function microseconds(nanoseconds: number): string {
  return (Math.round(nanoseconds / 100) / 10).toString();
}

interface Figures {
  readonly p50Ns: number;
  readonly p99Ns: number;
}

function measureBoth(small: ReadableDb, large: ReadableDb): readonly [Figures, Figures] {
  const random = makeRandom(20_260_101);
  const rounds: [number[], number[]][] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    rounds.push([measure(small, SMALL_COUNT, random), measure(large, LARGE_COUNT, random)]);
  }
  const counted = rounds.slice(WARM_UP_ROUNDS);
  const figures = (pick: 0 | 1): Figures => ({
    p50Ns: median(counted.map((round) => at(round[pick], 0.5))),
    p99Ns: median(counted.map((round) => at(round[pick], 0.99))),
  });
  return [figures(0), figures(1)];
}

/** Builds both databases, measures in interleaved rounds, gives one line. Takes some minutes. */
export async function benchLookup(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'puan-lookup-'));
  try {
    const paths = [join(folder, 'small.sqlite'), join(folder, 'large.sqlite')] as const;
    process.stderr.write('member lookup: building 1 M members\n');
    build(paths[0], SMALL_COUNT);
    process.stderr.write('member lookup: building 5 M members\n');
    build(paths[1], LARGE_COUNT);
    const sizeMib = Math.round(statSync(paths[1]).size / 1024 / 1024);
    const [small, large] = [open(paths[0]), open(paths[1])];
    const [one, five] = measureBoth(small, large);
    closeDatabase(small);
    closeDatabase(large);
    const ratio = Math.round((five.p50Ns / one.p50Ns) * 100) / 100;
    const verdict = (isMet: boolean) => (isMet ? 'met' : 'MISSED');
    const [p99, isRatioMet] = [five.p99Ns, ratio <= BAR_RATIO];
    return [
      `(b) member by card: 1 M p50 ${microseconds(one.p50Ns)} p99 ${microseconds(one.p99Ns)} µs`,
      `5 M p50 ${microseconds(five.p50Ns)} p99 ${microseconds(p99)} µs`,
      `bar p99 ≤ 20: ${verdict(p99 <= BAR_P99_NS)}`,
      `ratio 5 M / 1 M = ${ratio} (bar ≤ 1.5: ${verdict(isRatioMet)})`,
      `5 M members are ${sizeMib} MiB`,
    ].join('; ');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await benchLookup()}\n`);
}
