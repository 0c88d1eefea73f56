// Owns programme files made from the published JSON Schema: whatever it admits, at the bounds of
// its ranges too. Names come from small pools, so that references are met; what the check of a
// programme still faults is taken out, rule by rule.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { named } from '#test/support/loyaltyShop.ts';

type Json = Record<string, unknown>;

interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

const published = JSON.parse(readFileSync('docs/programme.schema.json', 'utf8')) as Schema & {
  readonly $defs: Readonly<Record<string, Schema>>;
};

const LIST_MAX = 3;
const RULES_MAX = 8;

const oneOf = (...values: readonly unknown[]) => fc.constantFrom(...values);
const listOf = (...values: readonly unknown[]) => fc.subarray([...values], { minLength: 1 });
const account = oneOf('points', 'points', 'a0', 'a1');
const instant = oneOf('2026-01-01T00:00:00Z', '2026-07-01T00:00:00+03:00', '2030-01-01T00:00:00Z');
const things = listOf('x0', 'x1', 'x2');

/** Values of keys that must fit each other, or that only a person can choose. */
const BY_KEY: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  languages: fc.constant(['en', 'tr']),
  timeZone: oneOf('UTC', 'Europe/Istanbul', 'America/New_York'),
  currency: oneOf('EUR', 'JPY', 'KWD'),
  name: fc.constant(named('name')),
  one: fc.constant(named('one')),
  other: fc.constant(named('many')),
  effectiveFromIso: fc.constant('2020-01-01T00:00:00Z'),
  effectiveToIso: fc.constant(null),
  fromIso: instant,
  toIso: instant,
  scaleLabels: oneOf(
    [],
    [{ prefix: '21', measures: 'price', itemDigits: 5, valueDigits: 5, decimals: 0 }],
    [{ prefix: '28', measures: 'weight', itemDigits: 4, valueDigits: 6, decimals: 3 }],
  ),
  cards: fc.constant({ memberPrefix: '299', luhn: null, gsrn: false }),
  account,
  measure: oneOf('points', 'spend'),
  accountId: account,
  tierId: oneOf('t0', 't1', 't2'),
  tierIds: listOf('t0', 't1'),
  membershipId: fc.constant('m0'),
  membershipIds: fc.constant(['m0']),
  badgeId: fc.constant('b0'),
  badgeIds: fc.constant(['b0']),
  segmentId: fc.constant('s0'),
  segmentIds: fc.constant(['s0']),
  charityId: fc.constant('c0'),
  partnerId: fc.constant('p0'),
  contractId: fc.constant('k0'),
  to: oneOf('c0', 'p0', 'a0', 'a1'),
  code: fc.constant('SAVE'),
  group: oneOf('g0', 'g1'),
  groupId: fc.constant('g0'),
  keeps: fc.constant('best'),
  percent: oneOf('0.0001', '33.3333', '100'),
  costMinor: oneOf('0', '1', '0.3333', '999999'),
  skus: things,
  productTypes: things,
  tags: things,
  sku: oneOf('x0', 'x1', 'x2'),
};

const byReference = new Map<string, fc.Arbitrary<unknown>>();

function referred(reference: string): fc.Arbitrary<unknown> {
  const known = byReference.get(reference);
  if (known !== undefined) return known;
  const made = valuesOf(published.$defs[reference.replace('#/$defs/', '')] ?? {});
  byReference.set(reference, made);
  return made;
}

function objectsOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([key, schema]) => {
    // `group` of a reward is an object, that of a cap a name; `from` and `to` of hours are times.
    const isObject = schema.type === 'object';
    const isTime = key === 'to' && 'from' in properties;
    const own = isObject || isTime ? undefined : BY_KEY[key];
    const value = key === 'cards' ? BY_KEY['cards'] : own;
    return [key, value ?? valuesOf(schema, key === 'rules' ? RULES_MAX : LIST_MAX)] as const;
  });
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: [...required, 'accounts', 'charities'].filter((key) => key in properties),
  });
}

/** Any value that the schema admits, but for lists, which stay short. */
function valuesOf(schema: Schema, itemsMax = LIST_MAX): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return referred(schema.$ref);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => valuesOf(choice)));
  switch (schema.type) {
    case 'object':
      return objectsOf(schema);
    case 'array': {
      const minLength = schema.minItems ?? 0;
      const maxLength = Math.max(minLength, Math.min(itemsMax, schema.maxItems ?? itemsMax));
      return fc.array(valuesOf(schema.items ?? {}), { minLength, maxLength });
    }
    case 'string':
      return fc.stringMatching(new RegExp(schema.pattern ?? '^[a-z]{1,9}$', 'u'));
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000_000_000 });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

const ROW_WAYS = [['points', 'perMinor'], ['pointsPerUnit'], ['isExcluded']] as const;

/** A row gives in one way only. */
function mendedRow(row: Json, index: number): Json {
  const way = ROW_WAYS[index % 2] ?? ROW_WAYS[0];
  const { points = '1', perMinor = 1, pointsPerUnit = '1', isExcluded: _, ...rest } = row;
  const ways: Json = { points, perMinor, pointsPerUnit };
  return { ...rest, ...Object.fromEntries(way.map((key) => [key, ways[key]])) };
}

/** Limits that limit, a budget that its till can have, and a cost for what is turned. */
function mendedHead(entry: Json): Json {
  const limited = (caps: unknown) => (caps as Json[]).map((cap) => ({ times: 3, ...cap }));
  const budget = entry['budget'] as { amountMinor: number; tillShareMinor?: number } | undefined;
  const { amountMinor = 0, tillShareMinor = 0 } = budget ?? {};
  return {
    ...(entry['kind'] === 'convert' && { cost: { account: 'points', points: 3 } }),
    ...entry,
    ...('caps' in entry && { caps: limited(entry['caps']) }),
    ...('limits' in entry && { limits: limited(entry['limits']) }),
    ...(tillShareMinor > amountMinor && { budget: { amountMinor } }),
  };
}

/** Ids of their own, tiers and bands that go upwards, one way a row. */
function mended(file: Json): Json {
  const { rules, ...earning } = file['earning'] as Json;
  const { levels, ...tiers } = file['tiers'] as Json;
  const { list, ...rewards } = file['rewards'] as Json;
  const steps = (levels as Json[]).map(({ from }) => Number(from)).sort((a, b) => a - b);
  return {
    ...file,
    earning: {
      ...earning,
      rules: (rules as Json[]).map((rule, index) => {
        const ruleId = `r${index}`;
        const rows = rule['rows'] as Json[] | undefined;
        const bands = rule['bands'] as { upToMinor: number | null }[] | undefined;
        return {
          ...mendedHead(rule),
          ruleId,
          ...(rows && {
            rows: rows.map((row, at) => ({ ...mendedRow(row, at), ruleId: `${ruleId}-${at}` })),
          }),
          ...(bands && {
            bands: bands.toSorted((a, b) => (a.upToMinor ?? Infinity) - (b.upToMinor ?? Infinity)),
          }),
          ...('of' in rule && { of: ['r0'] }),
        };
      }),
    },
    tiers: {
      ...tiers,
      levels: (levels as Json[]).map(({ downgradesTo, ...level }, index) => ({
        ...level,
        ...(index > 0 && downgradesTo !== undefined && { downgradesTo: 't0' }),
        tierId: `t${index}`,
        from: index === 0 ? 0 : (steps[index] ?? 0) + index,
      })),
    },
    rewards: {
      ...rewards,
      list: (list as Json[]).map((reward, index) => ({
        ...mendedHead(reward),
        rewardId: `w${index}`,
      })),
    },
  };
}

/** Takes the list entry that a fault is in out of the file; false where there is none. */
function takeOut(file: Json, path: string): boolean {
  let place: unknown = file;
  for (const [, key, index] of path.matchAll(/\.([A-Za-z]+)(?:\[(\d+)\])?/g)) {
    place = (place as Json)[key ?? ''];
    if (index === undefined) continue;
    (place as unknown[]).splice(Number(index), 1);
    return true;
  }
  return false;
}

/** The text of a file that passes its check, or null where that cannot be had. */
function passing(file: Json): string | null {
  for (;;) {
    const parsed = parseProgramme(JSON.stringify(file));
    if (parsed.ok) return JSON.stringify(file);
    const [fault] = parsed.error;
    if (fault === undefined || !takeOut(file, fault.path)) return null;
  }
}

/** Text of programme files. */
export const admittedProgramme: fc.Arbitrary<string | null> = valuesOf(published).map((file) =>
  passing(mended(file as Json)),
);
