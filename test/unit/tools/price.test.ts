// Goal: `npm run price` prints what a basket comes to, and says by file and path what is wrong with
// its input. Method: the command as a real process, on files in a temporary folder.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gs1CheckDigit } from '#loyalty/check.ts';
import { projectFolder } from '#tools/project.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'puan-price-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const AT = '2026-03-06T10:00:00+01:00';
const GROCER = join(projectFolder, 'programmes/grocer.json');
const grocer = () => JSON.parse(readFileSync(GROCER, 'utf8')) as Record<string, unknown>;
const UNKNOWN_CARD = `299000000002${gs1CheckDigit('299000000002')}`;
const STATE = { members: [{ memberId: 'ada', cardNumber: '2990000000017' }] };
const lines = [
  { productType: 'grocery', unitPriceMinor: 1000, quantity: 2 },
  { productType: 'coffee', unitPriceMinor: 400 },
];
const SALE = { action: 'sale', memberId: 'ada', lines };

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

interface Run {
  readonly code: number | null;
  readonly problems: string;
  readonly text: string;
}

function run(...args: readonly string[]): Run {
  const launch = join(projectFolder, 'tools/launch.mjs');
  const options = { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [launch, 'price', ...args],
    options,
  );
  return { code: status, problems: stderr, text: stdout };
}

interface Input {
  readonly programme?: unknown;
  readonly state?: unknown;
  readonly basket?: unknown;
  readonly at?: string;
  readonly more?: readonly string[];
}

function price({ programme = grocer(), state = STATE, basket = SALE, at = AT, more = [] }: Input) {
  const files = [
    ['--programme', write('programme.json', programme)],
    ['--state', write('state.json', state)],
    ['--basket', write('basket.json', basket)],
  ];
  return run(...files.flat(), '--at', at, ...more);
}

/** The printed value, as far as these tests look at it. */
interface Printed {
  readonly kind: string;
  readonly memberId: string;
  readonly pricing: { readonly totalMinor: number; readonly earnedPoints: number };
  readonly returned: { readonly refundMinor: number };
  readonly balancesAfter: Readonly<
    Record<string, Readonly<Record<string, { readonly held: number }>> | undefined>
  >;
  readonly stateAfter: unknown;
}

function priced(input: Input): Printed {
  const { code, problems, text } = price(input);
  expect({ code, problems }).toEqual({ code: 0, problems: '' });
  return JSON.parse(text) as Printed;
}

const ADA = 'member/ada';
const pointsOf = (value: Printed, owner = ADA): number | undefined =>
  value.balancesAfter[owner]?.['points']?.held;

describe('a sale', () => {
  it('is printed as JSON of integers, with the state after it', () => {
    const { text } = price({});
    const value = JSON.parse(text) as Printed;
    expect(value.pricing).toMatchObject({ totalMinor: 2400, earnedPoints: 28 });
    expect(pointsOf(value)).toBe(28);
    expect(text.match(/: -?\d+\.\d/g)).toBeNull();
    expect(text).toBe(`${JSON.stringify(value, null, 2)}\n`);
  });

  it('gives a state that the next basket can begin with', () => {
    const { stateAfter } = priced({});
    const next = priced({ state: stateAfter, basket: { ...SALE, transactionId: 'second' } });
    expect(pointsOf(next)).toBe(56);
  });

  it('comes back: a part by its lines, all of it to where it began', () => {
    const part = priced({ more: ['--return', '1:1', '--return-at', '2026-03-08T10:00:00+01:00'] });
    expect(part.returned.refundMinor).toBe(1000);
    expect(pointsOf(part)).toBe(18);
    const whole = priced({ more: ['--return', 'all'] });
    expect(whole.balancesAfter).toEqual({});
  });

  it('of a guest, by weight, and of 10,000 lines', () => {
    const weighed = { productType: 'grocery', unitPriceMinor: 399, quantityMilli: 1250 };
    expect(priced({ basket: { action: 'sale', lines: [weighed] } }).pricing).toMatchObject({
      totalMinor: 499,
      earnedPoints: 0,
    });
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      sku: `sku-${index % 500}`,
      productType: 'grocery',
      unitPriceMinor: 101,
    }));
    const { pricing } = priced({ basket: { ...SALE, lines: many } });
    expect(pricing).toMatchObject({ totalMinor: 1_010_000, earnedPoints: 10_100 + 67 + 50 });
  });

  it('knows a member by the card, and makes one of an unknown card under the card key', () => {
    const byCard = { action: 'sale', cardNumber: '2990000000017', lines };
    expect(priced({ basket: byCard }).memberId).toBe('ada');
    const cards = {
      memberPrefix: '299',
      luhn: null,
      gsrn: false,
      anonymousKeyHex: 'a5'.repeat(32),
    };
    const programme = { ...grocer(), cards };
    const basket = { action: 'sale', cardNumber: UNKNOWN_CARD, lines };
    const first = priced({ programme, basket });
    expect(first.memberId).toMatch(/^[0-9a-f]{64}$/);
    expect(priced({ programme, basket }).memberId).toBe(first.memberId);
    const again = priced({
      programme,
      state: first.stateAfter,
      basket: { ...basket, transactionId: 'second' },
    });
    expect(again.memberId).toBe(first.memberId);
    expect(pointsOf(again, `member/${first.memberId}`)).toBe(56);
  });

  it('is priced by the version in force', () => {
    const later = {
      ...grocer(),
      version: 2,
      effectiveFromIso: '2026-03-01T00:00:00+01:00',
      earning: { rules: [] },
    };
    const more = ['--programme', write('later.json', later)];
    expect(priced({ more }).pricing.earnedPoints).toBe(0);
    expect(priced({ more, at: '2026-02-20T10:00:00+01:00' }).pricing.earnedPoints).toBe(28);
  });
});

describe('an occasion', () => {
  it('moves points, or says why not', () => {
    const survey = { action: 'event', memberId: 'ada', eventId: 'survey', key: 'k1' };
    expect(priced({ basket: survey })).toMatchObject({
      kind: 'occasion',
      balancesAfter: { 'member/ada': { points: { held: 25 } } },
    });
    expect(priced({ basket: { ...survey, eventId: 'party' } })).toMatchObject({
      kind: 'refused',
      refused: { reason: 'rule-unknown' },
    });
  });
});

describe('wrong input ends with 1 and names the place', () => {
  const sale = (line: object, rest: object = {}) => ({ ...SALE, lines: [line], ...rest });
  const item = { productType: 'grocery', unitPriceMinor: 100 };

  it.each<[string, Input, string]>([
    ['bad JSON', { basket: '{' }, 'basket.json: $: write JSON'],
    [
      'an unknown key',
      { programme: { ...grocer(), colour: 1 } },
      'programme.json: $.colour: is not',
    ],
    ['a negative price', { basket: sale({ unitPriceMinor: -1 }) }, '$.lines[0].unitPriceMinor: '],
    ['a fraction', { basket: sale({ unitPriceMinor: 1.5 }) }, '$.lines[0].unitPriceMinor: '],
    [
      'a line twice',
      { basket: { ...SALE, lines: [{ ...item, line: 2 }, item] } },
      '$.lines[1].line',
    ],
    [
      'too much money',
      { basket: sale({ unitPriceMinor: 9e12, quantity: 2 }) },
      '$.lines: write lines',
    ],
    ['an unknown member', { basket: { ...SALE, memberId: 'eve' } }, '"eve" is no member'],
    ['two buyers', { basket: { ...SALE, cardNumber: '2990000000017' } }, 'not both'],
    [
      'an unknown card',
      { basket: { ...SALE, memberId: null, cardNumber: UNKNOWN_CARD } },
      'no member has this card',
    ],
    [
      'a wrong check digit',
      { basket: { ...SALE, memberId: null, cardNumber: '2990000000018' } },
      '$.cardNumber: has a wrong check digit',
    ],
    [
      'an unknown reward',
      { basket: { ...SALE, claims: [{ rewardId: 'gold' }] } },
      '$.claims[0].rewardId: "gold" is no reward',
    ],
    ['an unknown action', { basket: { action: 'dance' } }, '$.action: write an "action"'],
    [
      'a member twice',
      { state: { members: [{ memberId: 'a' }, { memberId: 'a' }] } },
      'state.json: $.members[1].memberId',
    ],
    ['a bad --at', { at: '2026-03-06' }, '--at: write a date and time'],
    [
      'a clock before it begins',
      { at: '2025-01-01T00:00:00Z' },
      'the programme begins at 2026-01-01',
    ],
    ['a return of no line', { more: ['--return', '7:1'] }, '--return: the basket has no line 7'],
    ['a return of nothing', { more: ['--return', 'some'] }, '--return: write all'],
    [
      'a return before the sale',
      { more: ['--return', 'all', '--return-at', '2026-01-01T00:00:00Z'] },
      '--return-at',
    ],
    [
      'a return of an event',
      { basket: { action: 'enrol' }, more: ['--return', 'all'] },
      'only a sale',
    ],
    ['one version twice', { more: ['--programme', GROCER] }, 'effective at once'],
  ])('%s', (_, input, words) => {
    const { code, problems, text } = price(input);
    expect(problems).toContain(words);
    expect({ code, text }).toEqual({ code: 1, text: '' });
  });

  it('a file that is not there', () => {
    const none = join(folder, 'none.json');
    const state = write('state.json', STATE);
    const basket = write('basket.json', SALE);
    const { code, problems } = run(
      '--programme',
      none,
      '--state',
      state,
      '--basket',
      basket,
      '--at',
      AT,
    );
    expect(code).toBe(1);
    expect(problems).toContain(`${none}: cannot be read`);
  });

  it('a programme whose parts do not fit each other', () => {
    const rates = [{ ruleId: 'base', name: { en: 'a', tr: 'b' }, points: 1.5, perMinor: 100 }];
    const name = { en: 'Shopping' };
    const rule = { kind: 'table', ruleId: 'shopping', name: { en: 'a', tr: 'b' }, rows: rates };
    const rate = price({ programme: { ...grocer(), earning: { rules: [rule] } } });
    expect(rate.problems).toContain(
      '$.earning.rules[0].rows[0].points: write the rate as a string',
    );
    const level = { tierId: 'one', name, from: 0, downgradesTo: 'one' };
    const tiers = price({ programme: { ...grocer(), tiers: { levels: [level] } } });
    expect(tiers.problems).toContain('$.tiers.levels[0].downgradesTo: write a tier below');
    expect(tiers.problems).toContain('$.tiers.levels[0].name.tr: is missing');
    const upTo = (upToMinor: number | null) => ({ upToMinor, points: 1 });
    const bands = { ...rule, rows: undefined, kind: 'bands', bands: [upTo(200), upTo(100)] };
    const overlap = price({ programme: { ...grocer(), earning: { rules: [bands] } } });
    expect(overlap.problems).toContain(
      '$.earning.rules[0].bands[1].upToMinor: write more than 200',
    );
    expect([rate.code, tiers.code, overlap.code]).toEqual([1, 1, 1]);
  });
});

describe('a wrong command line ends with 2', () => {
  it.each([
    [[], '--programme is missing'],
    [['--programme', 'a'], '--state is missing'],
    [['--colour'], "Unknown option '--colour'"],
    [
      ['--programme', 'a', '--state', 'b', '--basket', 'c', '--at', 'd', '--return-at', 'e'],
      '--return is',
    ],
  ])('%j', (args, words) => {
    const { code, problems, text } = run(...args);
    expect(problems).toContain(words);
    expect(problems).toContain('Usage: npm run price');
    expect({ code, text }).toEqual({ code: 2, text: '' });
  });
});
