// Goal: every ready programme is one that a shop can start with, and does what its examples say.
// Method: each file of programmes/ is parsed; each example of programmes/examples/ is run step by
// step, the state after one step being the state of the next, and its figures are compared.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBasket, parseState } from '#loyalty/files/inputFiles.ts';
import { pricedForm } from '#loyalty/files/pricedForm.ts';
import { priceFiles } from '#loyalty/files/priceFiles.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import type { Result } from '#loyalty/result.ts';
import { memberIdOfCard, saleDigestHex } from '#till/hashes.ts';

interface Step {
  readonly atIso: string;
  readonly basket: unknown;
  readonly returnLines?: string;
  readonly returnAtIso?: string;
  /** Places in the value of `npm run price` (`pricing.totalMinor`), and what stands there. */
  readonly expect: Readonly<Record<string, string | number>>;
}

interface Example {
  readonly title: string;
  readonly state: unknown;
  readonly steps: readonly Step[];
}

const folder = new URL('../../../programmes/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));
const examplesOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`examples/${name}.json`, folder), 'utf8')) as Example[];
const ready = names.filter((name) => name !== 'demo');

function expectValue<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function programmeOf(name: string) {
  const text = readFileSync(new URL(`${name}.json`, folder), 'utf8');
  return compile(expectValue(parseProgramme(text)));
}

/** What stands at `a.b.0.c`; an account that is not there holds 0. */
function at(value: unknown, place: string): unknown {
  const found = place
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
  return found === undefined && place.startsWith('balancesAfter.') ? 0 : found;
}

function comesBackOf({ returnLines, returnAtIso, atIso }: Step) {
  if (returnLines === undefined) return null;
  const lines = returnLines.split(',').map((part) => part.split(':').map(Number));
  return {
    lines:
      returnLines === 'all'
        ? ('all' as const)
        : lines.map(([line = 0, quantity = 0]) => ({ line, quantity })),
    atMs: parseInstantIso(returnAtIso ?? atIso) ?? 0,
    isApprovedByManager: false,
  };
}

function run(name: string, { state, steps }: Example) {
  const compiled = programmeOf(name);
  let text = JSON.stringify(state);
  return steps.map((step) => {
    const basket = expectValue(parseBasket(JSON.stringify(step.basket)));
    const priced = expectValue(
      priceFiles({
        compiled,
        state: expectValue(parseState(text)),
        basket,
        atMs: parseInstantIso(step.atIso) ?? 0,
        saleDigestHex: saleDigestHex(basket.transactionId),
        memberIdOfCard,
        comesBack: comesBackOf(step),
      }),
    );
    expect(pricedForm.safeParse(JSON.parse(JSON.stringify(priced))).error).toBeUndefined();
    text = JSON.stringify(priced.stateAfter);
    const places = Object.keys(step.expect);
    return Object.fromEntries(places.map((place) => [place, at(priced, place)]));
  });
}

describe('ready programmes', () => {
  it('are at least ten, each with examples', () => {
    expect(ready.length).toBeGreaterThanOrEqual(10);
    for (const name of ready) expect(examplesOf(name).length, name).toBeGreaterThanOrEqual(2);
  });

  it.each(names)('%s is a programme', (name) => {
    expect(programmeOf(name).programmeVersion).toBe(`${name}@1`);
  });

  const examples = ready.flatMap((name) =>
    examplesOf(name).map((one) => [name, one.title, one] as const),
  );
  it.each(examples)('%s: %s', (name, _title, example) => {
    expect(run(name, example)).toEqual(example.steps.map((step) => step.expect));
  });
});
