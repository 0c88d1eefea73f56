// Owns the fields that kinds of rules share, each with the words that say what to write instead.

import * as z from 'zod/mini';
import { parseInstantIso } from '#loyalty/instant.ts';
import { AMOUNT_MAX_MINOR } from '#loyalty/money.ts';
import { POINTS_MAX, RATE_PATTERN } from '#loyalty/points.ts';
import type { ProgrammeFault } from '#loyalty/programme/programmeFaults.ts';

/** An object that refuses keys it does not know, and then lists the ones it does. */
export function closedObject<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not a key of this object; remove it or write one of: ${known}`
        : `write an object with the keys: ${known}`,
  });
}

/** An integer of a range. A fraction, an exponent beyond 2^53 or a string is an error. */
export function integerOf(minimum: number, maximum: number, what: string) {
  const words = `write ${what} as a whole number from ${minimum} to ${maximum}, without quotes`;
  return z.int(words).check(z.gte(minimum, words), z.lte(maximum, words));
}

/** Text of a length, without control characters. */
export function textOf(lengthMax: number, what: string) {
  const words = `write ${what} as text of 1 to ${lengthMax} characters`;
  return z.string(words).check(z.regex(new RegExp(`^[^\\p{Cc}]{1,${lengthMax}}$`, 'u'), words));
}

function identifierOf(what: string) {
  const words = `write ${what} as 1 to 40 of a-z, 0-9 and -, such as "coffee-double"`;
  return z.string(words).check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, words));
}

const RATE_WORDS = 'write the rate as a string such as "1" or "1.5" (up to four decimals)';

export const rate = z.string(RATE_WORDS).check(z.regex(RATE_PATTERN, RATE_WORDS));
export const programmeId = identifierOf('the id of the programme');
export const ruleId = identifierOf('the id of the rule');
export const rewardId = identifierOf('the id of the reward');
export const tierId = identifierOf('the id of the tier');
export const productType = textOf(64, 'the product type');
export const perMinor = integerOf(
  1,
  1_000_000_000,
  'the amount that earns the points, in minor units (100 is 1.00),',
);

const LANGUAGE_WORDS = 'write a language tag such as "en" or "tr"';
export const language = z
  .string(LANGUAGE_WORDS)
  .check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, LANGUAGE_WORDS));
const NAME_WORDS = 'write an object with a text for each of the languages of the programme';
/** A text in each language of the programme; `languages` says which. */
export const name = z.record(language, textOf(60, 'the name'), NAME_WORDS);
export type Name = z.infer<typeof name>;
/** One and many of a thing that is counted: `{ "one": { "en": "Stamp" }, "other": … }`. */
export const pluralNames = closedObject({ one: name, other: name });

export const identifier = identifierOf('the id');
export const sku = textOf(64, 'the sku');
export const tag = textOf(64, 'the tag');
export const isTrue = z.literal(true, 'write true, or leave the key out');
const AMOUNT_WORDS = 'in minor units (500 is 5.00)';
/** An amount of money of a programme, at least 1 minor unit. */
export function amountMinorOf(what: string) {
  return integerOf(1, AMOUNT_MAX_MINOR, `${what} ${AMOUNT_WORDS}`);
}
export function pointsOf(what: string) {
  return integerOf(1, POINTS_MAX, what);
}
const INSTANT_WORDS = 'write a date and time with its zone, such as "2026-01-31T00:00:00+03:00"';
export const instantIso = z
  .string(INSTANT_WORDS)
  .check(z.refine((text) => parseInstantIso(text) !== null, INSTANT_WORDS));
const TIME_WORDS = 'write a time of day as "HH:MM", such as "16:30", or "24:00" for its end';
export const timeOfDay = z
  .string(TIME_WORDS)
  .check(z.regex(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, TIME_WORDS));

/** A list with its bounds in words. */
export function listOf<const Item extends z.core.SomeType>(
  item: Item,
  minimum: number,
  maximum: number,
) {
  const words = `write a list of ${minimum} to ${maximum} entries`;
  return z.array(item, words).check(z.minLength(minimum, words), z.maxLength(maximum, words));
}

/** Faults for values that stand more than once in a list. */
export function repeatedFaults(
  values: readonly { readonly path: string; readonly value: string }[],
): ProgrammeFault[] {
  const firstPath = new Map<string, string>();
  const faults: ProgrammeFault[] = [];
  for (const { path, value } of values) {
    const first = firstPath.get(value);
    if (first === undefined) firstPath.set(value, path);
    else faults.push({ path, message: `write another value; ${first} has "${value}" already` });
  }
  return faults;
}
