// Goal: `npm run replay` says what other rules would have come to, and changes nothing. Method: a
// real till sells, then the command as a real process beside it; the database's bytes are compared.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { transaction } from '#db/handle.ts';
import { memberByCard } from '#db/members.ts';
import { insertSale } from '#db/sales.ts';
import { assert } from '#loyalty/assert.ts';
import { EMPTY_BOOKS } from '#loyalty/books/books.ts';
import { compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { NO_FIGURES } from '#loyalty/reporting/replay.ts';
import type { ReplayReport } from '#loyalty/reporting/replayReport.ts';
import { DEMO_PROGRAMME, NOON_MS, newTill } from '#test/support/till.ts';
import { makeSale, temporaryFolder } from '#test/support/tillDatabase.ts';
import { addProduct } from '#till/basketFlow.ts';
import { commitSale } from '#till/commit.ts';
import { claimReward } from '#till/rewards.ts';
import { handleScan } from '#till/scanRouting.ts';
import { DATABASE_FILE } from '#till/setUp.ts';
import { voidLastSale } from '#till/voidSale.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard } from '#tools/demoShop.ts';
import { projectFolder } from '#tools/project.ts';
import { compare } from '#tools/replay.ts';

const UNTIL = '2026-11-28T00:00:00Z';
const desk = { reserve: () => Promise.resolve('offline' as const), outage: () => 1 };

function pay(workstation: Workstation): string {
  const { basket, pricing } = workstation.state;
  const { transactionId } = basket;
  const { totalMinor, earnedPoints, redeemedPoints } = pricing;
  const tenders = [{ tenderType: 'cash' as const, amountMinor: totalMinor }];
  const expected = { totalMinor, earnedPoints, redeemedPoints };
  const sold = commitSale(workstation, { isOnline: true }, { transactionId, tenders, expected });
  assert(sold.ok, 'the sale is committed');
  return transactionId;
}

function scanned(workstation: Workstation, card: number | null): void {
  if (card !== null) handleScan(workstation, { label: demoCard(card), aim: null });
  addProduct(workstation, 'P009', 1);
}

/** Olive oil for 11.50: to a member, to a guest, once voided, and once with 5.00 off. */
async function shopWithSales(): Promise<string> {
  const { workstation, dataFolder } = newTill();
  for (const card of [1, null, 1]) {
    scanned(workstation, card);
    pay(workstation);
  }
  scanned(workstation, 1);
  const voided = pay(workstation);
  assert(voidLastSale(workstation, voided, { operatorId: 'op-2' }).ok, 'voided');
  scanned(workstation, 2);
  assert((await claimReward(workstation, desk, 'off-5')).ok, 'claimed');
  pay(workstation);
  return dataFolder;
}

type Changed = Record<string, unknown>;

function programmeFile(change: (file: Changed) => Changed): string {
  const file = path.join(temporaryFolder(), 'new.json');
  const demo = JSON.parse(DEMO_PROGRAMME) as Changed;
  writeFileSync(file, JSON.stringify({ ...demo, version: 2, ...change(demo) }));
  return file;
}

function run(...args: readonly string[]) {
  const launch = path.join(projectFolder, 'tools/launch.mjs');
  return spawnSync(process.execPath, [launch, 'replay', ...args], { encoding: 'utf8' });
}

function replayed(folder: string, programme: string): ReplayReport {
  const args = ['--programme', programme, '--days', '30', '--data', folder, '--until', UNTIL];
  const { status, stdout, stderr } = run(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as ReplayReport;
}

/** Database and write-ahead log, byte for byte. */
function hashOf(folder: string): readonly string[] {
  return ['', '-wal'].map((ending) => {
    const file = path.join(folder, `${DATABASE_FILE}${ending}`);
    const bytes = existsSync(file) ? readFileSync(file) : '';
    return createHash('sha256').update(bytes).digest('hex');
  });
}

const tripled = (text: string) => JSON.parse(text.replaceAll('"points":"1"', '"points":"3"'));

describe('replay', () => {
  it('finds no difference under the same rules, and leaves the database as it is', async () => {
    const folder = await shopWithSales();
    const hashes = hashOf(folder);
    const report = replayed(
      folder,
      programmeFile(() => ({})),
    );
    expect(hashOf(folder)).toEqual(hashes);
    const sums = { earnedPoints: 11 + 11 + 9, redeemedPoints: 100, discountMinor: 500 };
    expect(report).toMatchObject({
      saleCount: 4,
      before: sums,
      after: sums,
      tierChanges: [],
      largest: [],
    });
  });

  it('says what other rules would have given and cost', async () => {
    const folder = await shopWithSales();
    const points = {
      accountId: 'points',
      kind: 'points',
      names: (JSON.parse(DEMO_PROGRAMME) as Changed)['pointsName'],
      expiry: null,
      costMinor: '2',
    };
    const programme = programmeFile(({ earning }) => ({
      accounts: [points],
      earning: tripled(JSON.stringify(earning)),
      rewards: { list: [] },
    }));
    const report = replayed(folder, programme);
    // floor(11.50 × 3 × 1.5) in gold, where nothing comes off any more.
    const earnedPoints = 34 + 34 + 51;
    const costMinor = earnedPoints * 2;
    expect(report.before.costMinor).toBe(500);
    expect(report.after).toEqual({ earnedPoints, redeemedPoints: 0, discountMinor: 0, costMinor });
    expect(report.largest.map(({ memberId }) => memberId)).toEqual([
      'demo-member-2',
      'demo-member-1',
      'demo-member-1',
    ]);
  });

  it('names the members on another level, in a table too', async () => {
    const folder = await shopWithSales();
    const programme = programmeFile(({ tiers }) => ({
      tiers: JSON.parse(JSON.stringify(tiers).replace('500', '140')),
    }));
    expect(replayed(folder, programme).tierChanges).toEqual([
      { memberId: 'demo-member-1', before: 'basic', after: 'silver' },
    ]);
    const { stdout } = run('--programme', programme, '--data', folder, '--until', UNTIL);
    expect(stdout).toContain('4 sales of 30 days, as they were and under demo@2');
    expect(stdout).toMatch(/points earned +31 +34 +\+3\n/);
    expect(stdout).toMatch(/money off, EUR +5\.00 +5\.00 +0\.00\n/);
    expect(stdout).toContain(`****${demoCard(1).slice(-4)}  basic to silver`);
  });

  it('looks at no sale outside the days', async () => {
    const folder = await shopWithSales();
    const programme = programmeFile(() => ({}));
    const args = ['--programme', programme, '--data', folder, '--until', '2026-11-01T00:00:00Z'];
    const { stdout, status } = run(...args, '--json');
    expect({ status, saleCount: JSON.parse(stdout).saleCount }).toEqual({
      status: 0,
      saleCount: 0,
    });
  });

  it('knows sales of the first schema, which kept no movements', () => {
    const { workstation, dataFolder } = newTill();
    const member = memberByCard(workstation.db, demoCard(1));
    assert(member !== null, 'the demo has its first member');
    const row = {
      ...makeSale(1, { memberKey: member.memberKey, programmeVersion: 'demo@1' }),
      atMs: NOON_MS,
      earnedPoints: 10,
    };
    const line = {
      line: 1,
      kind: 'product',
      sku: 'P001',
      name: 'Oil',
      productType: 'grocery',
      quantity: 1,
      unitPriceMinor: 1000,
      discountMinor: 0,
      taxRateBasisPoints: 700,
    } as const;
    transaction(workstation.db, () => insertSale(workstation.db, row, [line], [], []));
    const programme = programmeFile(({ earning }) => ({
      earning: tripled(JSON.stringify(earning)),
    }));
    const report = replayed(dataFolder, programme);
    expect([report.before.earnedPoints, report.after.earnedPoints]).toEqual([10, 30]);
  });

  it('stops when it is asked to', async () => {
    const parsed = parseProgramme(DEMO_PROGRAMME);
    assert(parsed.ok, 'the demo is a programme');
    const compiled = compile(parsed.value);
    const sale = { transactionId: 'x', lines: [], claims: [], codes: [], tenders: [] };
    const moment = { atMs: 0, channel: 'till', operatorId: 'o', saleDigestHex: null } as const;
    const past = { sale, moment, member: null };
    function* endless() {
      for (;;) yield { receiptNumber: '1', past, compiledThen: compiled, figuresThen: NO_FIGURES };
    }
    const history = { saleCount: 1_000_000, opening: EMPTY_BOOKS, happenings: endless };
    expect(await compare(history, compiled, () => true)).toBeNull();
  });

  it('refuses a wrong command line, a wrong programme and a folder without a till', () => {
    expect(run().status).toBe(2);
    expect(run('--programme', 'a', '--days', '0').stderr).toContain('--days: write a whole number');
    expect(run('--programme', 'a', '--until', 'x').stderr).toContain('--until: write a date');
    const wrong = programmeFile(() => ({ colour: 1 }));
    const refused = run('--programme', wrong, '--data', temporaryFolder());
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('$.colour: is not'),
    ]);
    const none = run(
      '--programme',
      programmeFile(() => ({})),
      '--data',
      temporaryFolder(),
    );
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('cannot be read')]);
  });
});
