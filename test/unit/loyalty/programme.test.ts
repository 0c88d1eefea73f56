// Goal: a wrong programme file is refused with its place and the cure. Method: one fault at a time.

import { describe, expect, it } from 'vitest';
import { businessDayOf } from '#loyalty/calendar.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import {
  clashFaults,
  parseProgramme,
  programmeVersionOf,
} from '#loyalty/programme/parseProgramme.ts';
import { programmeInForce } from '#loyalty/programme/programmeInForce.ts';
import { makeProgramme } from '#test/support/makeLoyalty.ts';
import { DEMO_PROGRAMME } from '#test/support/till.ts';

function demoFile(): Record<string, unknown> {
  return JSON.parse(DEMO_PROGRAMME);
}

/** The demo file with the value at a path (`earning.base.points`) replaced, or a key added. */
function changed(path: string, value: unknown): string {
  const file = demoFile();
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place: unknown = file;
  for (const key of keys) place = (place as Record<string, unknown>)[key];
  (place as Record<string, unknown>)[last] = value;
  return JSON.stringify(file);
}

function faultsOf(text: string) {
  const parsed = parseProgramme(text);
  return parsed.ok ? [] : parsed.error;
}

const LABEL = { prefix: '21', measures: 'price', itemDigits: 5, valueDigits: 5, decimals: 2 };
const GRAMS = { ...LABEL, measures: 'weight' };
const ODD_CHECK = { ...LABEL, itemDigits: 3, valueDigits: 6, hasValueCheckDigit: true };

describe('the demo programme', () => {
  it('is valid, and says who it is', () => {
    const parsed = parseProgramme(DEMO_PROGRAMME);
    expect(parsed.ok && programmeVersionOf(parsed.value)).toBe('demo@1');
    expect(parsed.ok && parsed.value.effectiveFromMs).toBe(Date.UTC(2025, 11, 31, 21));
    expect(parsed.ok && parsed.value.effectiveToMs).toBeNull();
    expect(parsed.ok && parsed.value.offlineFloorPoints).toBe(200);
  });

  it('sets the offline floor to 0 where none is given', () => {
    const file = demoFile();
    delete file['offlineFloorPoints'];
    const parsed = parseProgramme(JSON.stringify(file));
    expect(parsed.ok && parsed.value.offlineFloorPoints).toBe(0);
  });
});

describe('faults', () => {
  const name = { en: 'x', tr: 'x', de: 'x' };
  const tea = { ruleId: 'tea', name, productTypes: ['tea'], points: '1', perMinor: 100 };
  const bands = (...upToMinor: readonly (number | null)[]) => ({
    kind: 'bands',
    ruleId: 'bands',
    name,
    bands: upToMinor.map((end, index) => ({ upToMinor: end, points: index })),
  });
  const late = {
    accountId: 'late',
    kind: 'points',
    names: { one: name, other: name },
    expiry: { kind: 'days', days: 10 },
    pendingDays: 10,
  };
  const rows = 'earning.rules.0.rows';
  const at = '$.earning.rules[0].rows';

  it.each([
    ['schema', 3, '$.schema', 'write 2'],
    ['programmeId', 'My Shop', '$.programmeId', 'a-z, 0-9 and -'],
    ['version', 0, '$.version', 'whole number from 1'],
    ['version', 1.5, '$.version', 'whole number from 1'],
    ['version', '1', '$.version', 'without quotes'],
    ['effectiveFromIso', '2026-01-31', '$.effectiveFromIso', 'with its zone'],
    ['effectiveFromIso', '2026-02-30T00:00:00Z', '$.effectiveFromIso', 'with its zone'],
    ['effectiveToIso', '2025-01-01T00:00:00Z', '$.effectiveToIso', 'after effectiveFromIso'],
    ['timeZone', 'Europe/Stambul', '$.timeZone', 'IANA'],
    ['timeZone', '+03:00', '$.timeZone', 'IANA'],
    ['businessDayCutOver', '24:00', '$.businessDayCutOver', 'HH:MM'],
    ['currency', 'euro', '$.currency', 'ISO 4217'],
    ['pointsName.other', { en: 'p', tr: 'p' }, '$.pointsName.other.de', 'in "de"'],
    ['pointsName.one.fr', 'point', '$.pointsName.one.fr', 'add "fr" to languages'],
    ['tiers.levels.1.name', { en: 'x', tr: 'x' }, '$.tiers.levels[1].name.de', 'is missing'],
    ['cards.memberPrefix', '300', '$.cards.memberPrefix', '20 to 29'],
    ['cards.luhn.length', 5, '$.cards.luhn.length', 'from 6 to 30'],
    ['cards.luhn.prefix', '2991', '$.cards.luhn.prefix', 'differs from memberPrefix'],
    ['cards.luhn', { prefix: '123456', length: 7 }, '$.cards.luhn.length', 'more than 7'],
    ['scaleLabels', [{ ...LABEL, prefix: '19' }], '$.scaleLabels[0].prefix', '02 or 20 to 29'],
    ['scaleLabels', [{ ...LABEL, prefix: '299' }], '$.scaleLabels[0].prefix', 'from "299"'],
    ['scaleLabels', [LABEL, LABEL], '$.scaleLabels[1].prefix', 'from "21"'],
    ['scaleLabels', [{ ...LABEL, valueDigits: 4 }], '$.scaleLabels[0].valueDigits', 'write 5'],
    ['scaleLabels', [{ ...LABEL, decimals: 3 }], '$.scaleLabels[0].decimals', 'at most 2'],
    ['scaleLabels', [{ ...GRAMS, decimals: 4 }], '$.scaleLabels[0].decimals', 'at most 3'],
    ['scaleLabels', [ODD_CHECK], '$.scaleLabels[0].hasValueCheckDigit', '4 or 5 digits'],
    ['cards.gsrn', 'yes', '$.cards.gsrn', 'true or false'],
    ['cards.anonymousKeyHex', 'abc', '$.cards.anonymousKeyHex', '64 hexadecimal digits'],
    [`${rows}.0.points`, 1.5, `${at}[0].points`, 'string such as "1" or "1.5"'],
    [`${rows}.0.points`, '1,5', `${at}[0].points`, 'string such as "1" or "1.5"'],
    [`${rows}.0.points`, '1.23456', `${at}[0].points`, 'up to four decimals'],
    [`${rows}.0.perMinor`, 0, `${at}[0].perMinor`, 'minor units'],
    [`${rows}.0.perMinor`, 99.5, `${at}[0].perMinor`, 'whole number'],
    [`${rows}.0.pointz`, '1', `${at}[0].pointz`, 'points, perMinor'],
    [`${rows}.1.ruleId`, 'base', `${at}[1].ruleId`, `${at}[0].ruleId has "base"`],
    [rows, [{ ...tea, points: undefined, perMinor: undefined }], `${at}[0]`, '"isExcluded": true'],
    ['earning.rules', [bands(500, 400, null)], '$.earning.rules[0].bands[1].upToMinor', 'overlap'],
    ['earning.rules', [bands(null, 400)], '$.earning.rules[0].bands[0].upToMinor', 'last band'],
    ['earning.rules.0.kind', 'magic', '$.earning.rules[0].kind', 'whose "kind" is table'],
    ['rewards.list.0.cost.points', 0, '$.rewards.list[0].cost.points', 'from 1'],
    ['rewards.list.1.rewardId', 'off-5', '$.rewards.list[1].rewardId', 'another value'],
    ['tiers.levels', [], '$.tiers.levels', 'a list of 1 to 20'],
    ['tiers.levels.0.from', 1, '$.tiers.levels[0].from', 'write 0'],
    ['tiers.levels.2.from', 500, '$.tiers.levels[2].from', 'more than 500'],
    ['tiers.levels.1.multiplier', 1.25, '$.tiers.levels[1].multiplier', 'string such as'],
    ['tiers.levels.1.downgradesTo', 'gold', '$.tiers.levels[1].downgradesTo', 'in a cycle'],
    ['offlineFloorPoints', -1, '$.offlineFloorPoints', 'from 0'],
    ['amountLine.taxRateBasisPoints', 19.5, '$.amountLine.taxRateBasisPoints', 'basis points'],
    ['accounts', [late], '$.accounts[0].pendingDays', 'less than 10'],
    ['colour', 'red', '$.colour', 'not a key'],
    ['my key', 1, '$["my key"]', 'not a key'],
  ])('%s = %j is a fault at %s', (path, value, where, words) => {
    const faults = faultsOf(changed(path, value));
    expect(faults).toContainEqual({ path: where, message: expect.stringContaining(words) });
  });

  it('never throws on what is no programme', () => {
    for (const text of ['', 'nope', '[]', 'null', '1', '"x"', '{}', '{"__proto__":1}']) {
      expect(faultsOf(text).length).toBeGreaterThan(0);
    }
    expect(faultsOf('{')[0]?.path).toBe('$');
    expect(faultsOf(' '.repeat(1_000_001))[0]?.message).toContain('at most');
  });

  it('names every fault at once, up to fifty', () => {
    expect(faultsOf('{}').length).toBeGreaterThan(10);
    const broken = Array.from({ length: 60 }, () => ({}));
    expect(faultsOf(changed(rows, broken))).toHaveLength(50);
  });

  it('two files that begin at one instant are a fault: neither says which one it replaces', () => {
    const dated = (version: number, effectiveFromMs: number) => {
      return { programmeId: 'demo', version, effectiveFromMs, effectiveToMs: null };
    };
    expect(clashFaults([dated(1, 0), dated(2, 1)])).toEqual([]);
    expect(clashFaults([dated(1, 0), dated(2, 0)])).toMatchObject([
      { path: '$.effectiveFromIso', message: expect.stringContaining('demo@2 and demo@1') },
    ]);
  });
});

describe('which programme', () => {
  const from = (version: number, iso: string, toIso: string | null = null) =>
    makeProgramme({ version, effectiveFromIso: iso, effectiveToIso: toIso });
  const first = from(1, '2026-01-01T00:00Z', '2026-06-01T00:00Z');
  const second = from(2, '2026-03-01T00:00Z', '2026-04-01T00:00Z');
  const third = from(3, '2026-03-01T00:00Z', '2026-04-01T00:00Z');
  const all = [third, first, second];
  const at = (iso: string) => programmeInForce(all, parseInstantIso(iso) ?? 0)?.version;

  it('takes the one that began last, then the highest version', () => {
    expect(at('2026-02-28T23:59:59Z')).toBe(1);
    expect(at('2026-03-01T00:00Z')).toBe(3);
    expect(at('2026-04-01T00:00Z')).toBe(1);
  });

  it('goes on with the nearest where none is in force', () => {
    expect(at('2025-01-01T00:00Z')).toBe(1);
    expect(at('2027-01-01T00:00Z')).toBe(3);
    expect(programmeInForce([], 0)).toBeNull();
  });
});

describe('instants', () => {
  it.each([
    '1970-01-01T00:00:00Z',
    '2000-02-29T23:59:59+14:00',
    '2026-03-29T01:30+01:00',
    '2026-12-31T23:59:59-11:30',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('%s is what Date says', (iso) => {
    expect(parseInstantIso(iso)).toBe(Date.parse(iso));
  });

  it.each(['', '2026-01-01', '2026-13-01T00:00Z', '1900-02-29T00:00Z', '2026-01-01T24:00Z'])(
    'refuses %j',
    (iso) => {
      expect(parseInstantIso(iso)).toBeNull();
    },
  );
});

describe('business day', () => {
  const day = (iso: string, zone: string, cutOver: string) =>
    businessDayOf(parseInstantIso(iso) ?? 0, zone, cutOver);

  it('belongs to the day before until the cut-over (S43)', () => {
    expect(day('2026-03-29T01:30+01:00', 'Europe/Berlin', '00:00')).toBe('2026-03-29');
    expect(day('2026-03-29T01:30+01:00', 'Europe/Berlin', '04:00')).toBe('2026-03-28');
    expect(day('2026-03-29T03:59:59+02:00', 'Europe/Berlin', '04:00')).toBe('2026-03-28');
    expect(day('2026-03-29T04:00+02:00', 'Europe/Berlin', '04:00')).toBe('2026-03-29');
    expect(day('2026-01-01T03:00+03:00', 'Europe/Istanbul', '04:00')).toBe('2025-12-31');
    expect(day('2024-03-01T00:30Z', 'UTC', '01:00')).toBe('2024-02-29');
  });

  it('begins once where the clock jumps over the cut-over', () => {
    expect(day('2026-03-29T01:59:59+01:00', 'Europe/Berlin', '02:30')).toBe('2026-03-28');
    expect(day('2026-03-29T03:00+02:00', 'Europe/Berlin', '02:30')).toBe('2026-03-29');
  });

  it('does not go back in the night when clocks are set back over the cut-over', () => {
    expect(day('2026-10-25T02:29+02:00', 'Europe/Berlin', '02:30')).toBe('2026-10-24');
    expect(day('2026-10-25T02:31+02:00', 'Europe/Berlin', '02:30')).toBe('2026-10-25');
    expect(day('2026-10-25T02:10+01:00', 'Europe/Berlin', '02:30')).toBe('2026-10-25');
    // Lord Howe sets its clock back by half an hour.
    expect(day('2026-04-05T01:45+11:00', 'Australia/Lord_Howe', '01:40')).toBe('2026-04-05');
    expect(day('2026-04-05T01:35+10:30', 'Australia/Lord_Howe', '01:40')).toBe('2026-04-05');
  });
});
