// Owns the kind of rule that grades members: tiers by points ever issued, each with a multiplier.

import * as z from 'zod/mini';
import { assert } from '#loyalty/assert.ts';
import { parseRate, type Rate } from '#loyalty/points.ts';
import type { ProgrammeFault } from '#loyalty/programme.ts';
import {
  closedObject,
  type LocalName,
  localName,
  rate,
  repeatedFaults,
  tierFromPoints,
  tierId,
} from '#loyalty/rules/fields.ts';

const TIERS_WORDS = 'write a list of 1 to 20 tiers; the first begins at 0 points';

/** `tiers` of a programme file, lowest first. */
export const tiersFile = z
  .array(
    closedObject({ tierId, name: localName, fromPoints: tierFromPoints, multiplier: rate }),
    TIERS_WORDS,
  )
  .check(z.minLength(1, TIERS_WORDS), z.maxLength(20, TIERS_WORDS));
export type TiersFile = z.infer<typeof tiersFile>;

/** What the schema cannot say of `tiers`. */
export function tierFaults(tiers: TiersFile): ProgrammeFault[] {
  const faults = repeatedFaults(
    tiers.map((tier, index) => ({ path: `$.tiers[${index}].tierId`, value: tier.tierId })),
  );
  tiers.forEach((tier, index) => {
    const path = `$.tiers[${index}].fromPoints`;
    const below = tiers[index - 1];
    if (below === undefined && tier.fromPoints !== 0) {
      faults.push({ path, message: 'write 0: the first tier begins at 0 points' });
    }
    if (below !== undefined && tier.fromPoints <= below.fromPoints) {
      faults.push({
        path,
        message: `write more than ${below.fromPoints}, where the tier below begins`,
      });
    }
  });
  return faults;
}

export interface CompiledTier {
  readonly index: number;
  readonly tierId: string;
  readonly name: LocalName;
  readonly fromPoints: number;
  readonly multiplier: Rate;
  /** As the file writes it; null where it is 1 and needs no words. */
  readonly multiplierText: string | null;
}

/** Tiers, lowest first; at least one. */
export function compileTiers(tiers: TiersFile): readonly CompiledTier[] {
  return tiers.map((tier, index) => {
    const multiplier = parseRate(tier.multiplier);
    assert(multiplier !== null, `unparsed multiplier ${tier.multiplier}`);
    const isOne = multiplier.numerator === multiplier.denominator;
    const multiplierText = isOne ? null : tier.multiplier;
    const { fromPoints, name } = tier;
    return { index, tierId: tier.tierId, name, fromPoints, multiplier, multiplierText };
  });
}

/** The highest tier that `tierPoints` reach; the lowest one also below zero. */
export function tierAt(tiers: readonly CompiledTier[], tierPoints: number): CompiledTier {
  let reached = tiers[0];
  assert(reached !== undefined, 'a programme has a tier');
  for (const tier of tiers) {
    if (tier.fromPoints <= tierPoints) reached = tier;
  }
  return reached;
}
