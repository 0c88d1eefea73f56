// Owns the birthday of a rule: its points come once a year, whenever in the window.
import { lotsOf, type Movement } from '#loyalty/books/books.ts';
import { grant } from '#loyalty/earn/visits.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import { birthdayYear } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleFile } from '#loyalty/programme/earning.ts';
import type { Why } from '#loyalty/why.ts';

type RuleHead = Pick<EarningRuleFile, 'ruleId' | 'when'>;

const accountOf = ({ ruleId }: RuleHead) => `birthday/${ruleId}`;

/** The year of the birthday whose points are still to come; null for none. */
export function openBirthday(rule: RuleHead, context: PricingContext): number | null {
  const { birthday } = rule.when;
  const year = birthday === undefined ? null : birthdayYear(context, birthday);
  const lots = lotsOf(context.books, context.memberOwner, accountOf(rule));
  return lots.some(({ lotId }) => lotId === String(year)) ? null : year;
}

/** What the rule remembers of a birthday that it gave points for. */
export function birthdayGiven(
  rule: RuleHead,
  { memberOwner, moment }: PricingContext,
  year: number,
  why: Why,
): Movement {
  return grant(memberOwner, accountOf(rule), String(year), moment.atMs, null, rule.ruleId, why);
}
