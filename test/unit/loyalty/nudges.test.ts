// Goal: nobody is told of points that would not come. Method: 50 points from 25.00, with a basket
// of 23.40, before and after the bonus was used up by a cap, a budget or a birthday.
import { expect, it } from 'vitest';
import {
  loyaltyShop,
  named,
  pointsAccount,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-06T10:00:00Z';

function nudged(changes: Partial<RuleForm>): readonly [number[], number[]] {
  const rule = {
    kind: 'fixed',
    ruleId: 'basket-25',
    name: named('25.00 and more'),
    when: { basketAtLeastMinor: 2500 },
    points: 50,
    nudgeWithinMinor: 500,
    ...changes,
  } as RuleForm;
  const programme = programmeOf({
    accounts: [pointsAccount({ costMinor: '1' })],
    earning: { rules: [rule] },
  });
  const members = [{ memberId: 'ada', birthday: { month: 3, day: 1 } }];
  const shop = loyaltyShop(programme, { members });
  const missing = () =>
    shop
      .quote({ memberId: 'ada', lines: [{ unitPriceMinor: 2340 }] }, AT)
      .messages.map(({ missingMinor }) => missingMinor);
  const before = missing();
  shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor: 2500 }] }, AT);
  expect(shop.balance('ada')).toBe(50);
  return [before, missing()];
}

it('a bonus for every basket is spoken of again', () => {
  expect(nudged({})).toEqual([[160], [160]]);
});

it.each<Partial<RuleForm>>([
  { caps: [{ period: 'day', times: 1 }] },
  { caps: [{ period: 'day', points: 99 }] },
  { budget: { amountMinor: 99 } },
  { when: { basketAtLeastMinor: 2500, birthday: { window: 'month' } } },
])('%j is not', (changes) => {
  expect(nudged(changes)).toEqual([[160], []]);
});
