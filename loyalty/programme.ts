// Owns the programme file: its schema, its parser, and which programme and business day hold when.

import * as z from 'zod/mini';
import type { CardRules } from '#loyalty/card.ts';
import { dateOfDays, daysFromEpoch, parseInstantIso } from '#loyalty/instant.ts';
import { POINTS_MAX } from '#loyalty/points.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { earningFaults, earningFile } from '#loyalty/rules/accrual.ts';
import {
  closedObject,
  integerOf,
  productType,
  programmeId,
  repeatedFaults,
  textOf,
} from '#loyalty/rules/fields.ts';
import { rewardsFile } from '#loyalty/rules/ladder.ts';
import { tierFaults, tiersFile } from '#loyalty/rules/tier.ts';

const INSTANT_WORDS = 'write a date and time with its zone, such as "2026-01-31T00:00:00+03:00"';
const CUT_OVER_WORDS = 'write the time when the business day begins as "HH:MM", such as "04:00"';
const CURRENCY_WORDS = 'write the ISO 4217 code of the currency, such as "EUR"';
const PREFIX_WORDS = 'write 2 to 11 digits that begin with 20 to 29, such as "299", or null';
const LUHN_PREFIX_WORDS = 'write 1 to 19 digits, such as "8000"';
const SCHEMA_WORDS = 'write 1: it is the only form of this file that this till knows';

const instantIso = z.string(INSTANT_WORDS);
const pluralName = closedObject({
  one: textOf(30, 'the name of one point'),
  other: textOf(30, 'the name of several points'),
});

const cardsFile = closedObject({
  memberPrefix: z.nullable(z.string(PREFIX_WORDS).check(z.regex(/^2[0-9]{1,10}$/, PREFIX_WORDS))),
  luhn: z.nullable(
    closedObject({
      prefix: z.string(LUHN_PREFIX_WORDS).check(z.regex(/^[0-9]{1,19}$/, LUHN_PREFIX_WORDS)),
      length: integerOf(6, 30, 'the length of the whole number'),
    }),
  ),
  gsrn: z.boolean('write true or false, without quotes'),
});

/** A programme file. The types of this module follow from it; `docs/programmes.md` explains it. */
export const programmeFile = closedObject({
  schema: z.literal(1, SCHEMA_WORDS),
  programmeId,
  version: integerOf(1, 1_000_000_000, 'the version'),
  effectiveFromIso: instantIso,
  effectiveToIso: z.nullable(instantIso),
  timeZone: z.string('write an IANA time zone such as "Europe/Istanbul"'),
  businessDayCutOver: z
    .string(CUT_OVER_WORDS)
    .check(z.regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, CUT_OVER_WORDS)),
  currency: z.string(CURRENCY_WORDS).check(z.regex(/^[A-Z]{3}$/, CURRENCY_WORDS)),
  pointsName: closedObject({ en: pluralName, tr: pluralName }),
  cards: cardsFile,
  earning: earningFile,
  tiers: tiersFile,
  rewards: rewardsFile,
  /** Points that a member may spend in one outage without head office; 0 refuses. */
  offlineFloorPoints: z._default(integerOf(0, POINTS_MAX, 'the offline floor in points'), 0),
  /** What a typed amount is. */
  amountLine: closedObject({
    productType,
    taxRateBasisPoints: integerOf(0, 10_000, 'the tax rate in basis points (1900 is 19 %)'),
  }),
});

/** A checked programme: the file, and its dates as instants. */
export interface Programme extends z.infer<typeof programmeFile> {
  readonly effectiveFromMs: number;
  /** The first instant when it no longer holds, or null for no end. */
  readonly effectiveToMs: number | null;
}

/** Something wrong with a programme file: where, and what to write instead. */
export interface ProgrammeFault {
  /** JSON path: `$.earning.productTypes[2].points`. */
  readonly path: string;
  readonly message: string;
}

/** Longer files are refused unread: the largest sensible programme is far below. */
const TEXT_LENGTH_MAX = 1_000_000;
const FAULTS_MAX = 50;

function isTimeZone(timeZone: string): boolean {
  // An offset such as "+03:00" is accepted by newer engines, and knows no summer time.
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError is how Intl says that it does not know the zone.
    return false;
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, '$');
}

function schemaFaults(issues: readonly z.core.$ZodIssue[]): ProgrammeFault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: pathText(issue.path), message: issue.message }];
    }
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: issue.message,
    }));
  });
}

function cardFaults({ memberPrefix, luhn }: CardRules): ProgrammeFault[] {
  if (luhn === null) return [];
  const faults: ProgrammeFault[] = [];
  if (luhn.length < luhn.prefix.length + 2) {
    const message = `write more than ${luhn.prefix.length + 1}: prefix, a number and a check digit`;
    faults.push({ path: '$.cards.luhn.length', message });
  }
  const isSameStart =
    memberPrefix !== null &&
    (luhn.prefix.startsWith(memberPrefix) || memberPrefix.startsWith(luhn.prefix));
  if (isSameStart) {
    const message = `write a prefix that differs from memberPrefix "${memberPrefix}"`;
    faults.push({ path: '$.cards.luhn.prefix', message });
  }
  return faults;
}

function ruleIdFaults(file: z.infer<typeof programmeFile>): ProgrammeFault[] {
  const { earning, rewards } = file;
  return repeatedFaults([
    { path: '$.earning.base.ruleId', value: earning.base.ruleId },
    ...earning.productTypes.map((row, index) => ({
      path: `$.earning.productTypes[${index}].ruleId`,
      value: row.ruleId,
    })),
    ...rewards.ladder.map((step, index) => ({
      path: `$.rewards.ladder[${index}].rewardId`,
      value: step.rewardId,
    })),
  ]);
}

/** What the schema cannot say: dates, zone, and values that must fit each other. */
function fileFaults(file: z.infer<typeof programmeFile>): ProgrammeFault[] {
  const faults: ProgrammeFault[] = [];
  const fromMs = parseInstantIso(file.effectiveFromIso);
  const toMs = file.effectiveToIso === null ? null : parseInstantIso(file.effectiveToIso);
  if (fromMs === null) faults.push({ path: '$.effectiveFromIso', message: INSTANT_WORDS });
  if (toMs === null && file.effectiveToIso !== null) {
    faults.push({ path: '$.effectiveToIso', message: INSTANT_WORDS });
  }
  if (fromMs !== null && toMs !== null && toMs <= fromMs) {
    const message = 'write an instant after effectiveFromIso, or null for no end';
    faults.push({ path: '$.effectiveToIso', message });
  }
  if (!isTimeZone(file.timeZone)) {
    const message = 'write an IANA time zone such as "Europe/Istanbul"';
    faults.push({ path: '$.timeZone', message });
  }
  return [
    ...faults,
    ...cardFaults(file.cards),
    ...earningFaults(file.earning),
    ...tierFaults(file.tiers),
    ...ruleIdFaults(file),
  ];
}

/** Checks a programme file. Each fault names its JSON path and what to write instead. */
export function parseProgramme(text: string): Result<Programme, ProgrammeFault[]> {
  if (text.length > TEXT_LENGTH_MAX) {
    const message = `write at most ${TEXT_LENGTH_MAX} characters`;
    return failure([{ path: '$', message }]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure([{ path: '$', message: `write JSON: ${reason}` }]);
  }
  const parsed = programmeFile.safeParse(value);
  if (!parsed.success) return failure(schemaFaults(parsed.error.issues).slice(0, FAULTS_MAX));
  const file = parsed.data;
  const faults = fileFaults(file);
  const effectiveFromMs = parseInstantIso(file.effectiveFromIso);
  if (faults.length > 0 || effectiveFromMs === null) return failure(faults.slice(0, FAULTS_MAX));
  const effectiveToMs = file.effectiveToIso === null ? null : parseInstantIso(file.effectiveToIso);
  return success({ ...file, effectiveFromMs, effectiveToMs });
}

/** `demo@3`: what every transaction and ledger entry records. */
export function programmeVersionOf(programme: Pick<Programme, 'programmeId' | 'version'>): string {
  return `${programme.programmeId}@${programme.version}`;
}

type Dated = Pick<Programme, 'effectiveFromMs' | 'effectiveToMs' | 'version'>;

function beganLater(left: Dated, right: Dated): boolean {
  if (left.effectiveFromMs === right.effectiveFromMs) return left.version > right.version;
  return left.effectiveFromMs > right.effectiveFromMs;
}

function latest<T extends Dated>(programmes: readonly T[]): T | null {
  return programmes.reduce<T | null>(
    (best, programme) => (best === null || beganLater(programme, best) ? programme : best),
    null,
  );
}

/**
 * The programme to price with at an instant: of those in force the one that began last, of
 * several the highest version. A till never stops earning for want of a file: where none is in
 * force it is the last that began before, and before all of them the first. Null only for none.
 */
export function programmeInForce<T extends Dated>(
  programmes: readonly T[],
  atMs: number,
): T | null {
  const begun = programmes.filter((programme) => programme.effectiveFromMs <= atMs);
  const inForce = begun.filter(
    ({ effectiveToMs }) => effectiveToMs === null || atMs < effectiveToMs,
  );
  const first = programmes.filter((programme) =>
    programmes.every((other) => other.effectiveFromMs >= programme.effectiveFromMs),
  );
  return latest(inForce) ?? latest(begun) ?? latest(first);
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** No zone has set its clock back by more than this since 1970, but for moves of the date line. */
const SETBACK_MS_MAX = 3 * 60 * MINUTE_MS;

const formatByZone = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatByZone.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatByZone.set(timeZone, format);
  return format;
}

/** What the wall clock of a zone shows, as minutes since 1970-01-01T00:00 of that wall clock. */
function wallMinutes(atMs: number, format: Intl.DateTimeFormat): number {
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const days = daysFromEpoch(part('year'), part('month'), part('day'));
  return days * DAY_MINUTES + part('hour') * 60 + part('minute');
}

/**
 * The latest wall-clock time shown up to an instant: it stays while a clock set back catches up.
 */
function latestWallMinutes(atMs: number, format: Intl.DateTimeFormat): number {
  const offsetAt = (ms: number) => wallMinutes(ms, format) - Math.floor(ms / MINUTE_MS);
  const beforeMs = atMs - SETBACK_MS_MAX;
  const offsetBefore = offsetAt(beforeMs);
  const now = wallMinutes(atMs, format);
  if (offsetBefore <= offsetAt(atMs)) return now;
  let lowMs = beforeMs;
  let highMs = atMs;
  while (highMs - lowMs > 1) {
    const middleMs = Math.floor((lowMs + highMs) / 2);
    if (offsetAt(middleMs) === offsetBefore) lowMs = middleMs;
    else highMs = middleMs;
  }
  return Math.max(now, wallMinutes(lowMs, format));
}

/**
 * The business day `YYYY-MM-DD` of an instant: the calendar day of the zone, which begins at the
 * cut-over (`HH:MM`) instead of midnight. It never goes back as time goes on, also not in the
 * night when clocks are set back over the cut-over.
 */
export function businessDayOf(atMs: number, timeZone: string, cutOver: string): string {
  const format = formatFor(timeZone);
  const cutOverMinutes = Number(cutOver.slice(0, 2)) * 60 + Number(cutOver.slice(3, 5));
  const minutes = latestWallMinutes(atMs, format) - cutOverMinutes;
  return dateOfDays(Math.floor(minutes / DAY_MINUTES));
}
