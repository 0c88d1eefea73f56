// Goal: a wrong programme file is refused with its place and the cure. Method: one fault at a time.

import { describe, expect, it } from 'vitest';
import { parseInstantIso } from '#loyalty/instant.ts';
import {
  businessDayOf,
  parseProgramme,
  programmeInForce,
  programmeVersionOf,
} from '#loyalty/programme.ts';
import { demoFile, demoText, makeProgramme } from '#test/support/makeLoyalty.ts';

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

describe('the demo programme', () => {
  it('is valid, and says who it is', () => {
    const parsed = parseProgramme(demoText());
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
  const row = { ruleId: 'tea', productType: 'tea', name: { en: 'Tea', tr: 'Çay' } };
  const tiers = demoFile()['tiers'] as object[];
  const gold = { tierId: 'gold-2', name: { en: 'G', tr: 'G' }, fromPoints: 2000, multiplier: '2' };

  it.each([
    ['schema', 2, '$.schema', 'write 1'],
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
    ['pointsName.tr', { one: 'puan' }, '$.pointsName.tr.other', 'name of several points'],
    ['pointsName.en.one', 'a\nb', '$.pointsName.en.one', 'text of 1 to 30'],
    ['cards.memberPrefix', '300', '$.cards.memberPrefix', '20 to 29'],
    ['cards.luhn.length', 5, '$.cards.luhn.length', 'from 6 to 30'],
    ['cards.luhn.prefix', '2991', '$.cards.luhn.prefix', 'differs from memberPrefix'],
    ['cards.luhn', { prefix: '123456', length: 7 }, '$.cards.luhn.length', 'more than 7'],
    ['cards.gsrn', 'yes', '$.cards.gsrn', 'true or false'],
    ['earning.base.points', 1.5, '$.earning.base.points', 'string such as "1" or "1.5"'],
    ['earning.base.points', '1,5', '$.earning.base.points', 'string such as "1" or "1.5"'],
    ['earning.base.perMinor', 0, '$.earning.base.perMinor', 'minor units'],
    ['earning.base.perMinor', 99.5, '$.earning.base.perMinor', 'whole number'],
    ['earning.base.pointz', '1', '$.earning.base.pointz', 'points, perMinor'],
    ['earning.productTypes', [row], '$.earning.productTypes[0].points', '"excluded": true'],
    [
      'earning.productTypes',
      [{ ...row, excluded: true, points: '1' }],
      '$.earning.productTypes[0].points',
      'remove it',
    ],
    [
      'earning.productTypes.1.productType',
      'coffee',
      '$.earning.productTypes[1].productType',
      '$.earning.productTypes[0].productType has "coffee"',
    ],
    [
      'earning.productTypes.0.ruleId',
      'base',
      '$.earning.productTypes[0].ruleId',
      '$.earning.base.ruleId has "base"',
    ],
    ['rewards.ladder.0.rewardId', 'base', '$.rewards.ladder[0].rewardId', 'another value'],
    ['rewards.ladder.0.points', 0, '$.rewards.ladder[0].points', 'from 1'],
    ['tiers', [], '$.tiers', '1 to 20 tiers'],
    ['tiers.0.fromPoints', 1, '$.tiers[0].fromPoints', 'write 0'],
    ['tiers', [...tiers, gold], '$.tiers[3].fromPoints', 'more than 2000'],
    ['tiers.1.multiplier', 1.25, '$.tiers[1].multiplier', 'string such as'],
    ['offlineFloorPoints', -1, '$.offlineFloorPoints', 'from 0'],
    ['amountLine.taxRateBasisPoints', 19.5, '$.amountLine.taxRateBasisPoints', 'basis points'],
    ['colour', 'red', '$.colour', 'not a key'],
    ['my key', 1, '$["my key"]', 'not a key'],
  ])('%s = %j is a fault at %s', (path, value, where, words) => {
    const [fault, ...others] = faultsOf(changed(path, value));
    expect(fault?.path).toBe(where);
    expect(fault?.message).toContain(words);
    // An excluded row or a missing rate may break a second key of the same row; nothing else may.
    expect(others.every((other) => other.path.startsWith(where.replace(/\.\w+$/, '')))).toBe(true);
  });

  it('never throws on what is no programme', () => {
    for (const text of ['', 'nope', '[]', 'null', '1', '"x"', '{}', '{"__proto__":1}']) {
      expect(faultsOf(text).length).toBeGreaterThan(0);
    }
    expect(faultsOf('{')[0]?.path).toBe('$');
    expect(faultsOf(' '.repeat(1_000_001))[0]?.message).toContain('at most');
  });

  it('names every fault at once, up to fifty', () => {
    expect(faultsOf('{}')).toHaveLength(14);
    const rows = Array.from({ length: 60 }, () => ({}));
    expect(faultsOf(changed('earning.productTypes', rows))).toHaveLength(50);
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
