// Owns the form of what `npm run price` prints: every key, so that a reader can rely on it.
import * as z from 'zod/mini';
import { stateFile } from '#loyalty/files/stateFile.ts';

const text = z.string();
const whole = z.int();
const instant = z.nullable(whole);
const names = z.record(text, text);
const why = { whyKey: text, whyArgs: z.record(text, z.union([text, whole])) };
const shares = z.array(z.strictObject({ line: whole, amount: whole }));

const condition = z.strictObject({
  of: z.enum(['sale-net-minor', 'sale-units', 'account']),
  account: z.nullable(text),
  sinceMs: whole,
  untilMs: instant,
  atLeast: whole,
  lines: z.optional(z.array(whole)),
  taxes: z.optional(z.enum(['included', 'excluded'])),
});

const movement = z.strictObject({
  owner: text,
  account: text,
  lotId: text,
  amount: whole,
  fromMs: whole,
  untilMs: instant,
  kind: z.enum(['accrual', 'redemption', 'reversal', 'expiry', 'adjustment', 'transfer', 'tally']),
  rule: text,
  ...why,
  lines: z.optional(shares),
  condition: z.optional(condition),
  onceKey: z.optional(text),
});

const pricedLine = z.strictObject({
  line: whole,
  grossMinor: whole,
  discountMinor: whole,
  netMinor: whole,
});

const taxTotal = z.strictObject({
  taxRateBasisPoints: whole,
  grossMinor: whole,
  netMinor: whole,
  taxMinor: whole,
});

const discount = z.strictObject({
  rewardId: text,
  times: whole,
  taxRateBasisPoints: whole,
  amountMinor: whole,
  lines: shares,
  ...why,
});

const accrual = z.strictObject({
  rule: text,
  owner: text,
  account: text,
  points: whole,
  fromMs: whole,
  untilMs: instant,
  ...why,
});

const redemption = z.strictObject({
  rewardId: text,
  times: whole,
  owner: text,
  account: text,
  points: whole,
  amountOffMinor: whole,
  ...why,
});

const refusal = z.enum([
  'member-missing',
  'points-short',
  'basket-too-small',
  'condition-unmet',
  'limit-reached',
  'out-of-stock',
  'group-taken',
  'reward-unknown',
]);

const offer = z.strictObject({
  rewardId: text,
  kind: text,
  account: text,
  points: whole,
  amountOffMinor: whole,
  state: z.union([z.enum(['available', 'claimed']), refusal]),
  timesMax: whole,
  shortByPoints: whole,
  name: names,
});

const slip = z.strictObject({
  rewardId: text,
  slipId: text,
  untilMs: whole,
  issuedBy: text,
  name: names,
});

const message = z.strictObject({
  kind: z.enum(['notice', 'nudge', 'gate', 'perk', 'refusal']),
  missingMinor: whole,
  points: whole,
  lines: z.array(whole),
  ...why,
});

const tier = z.strictObject({
  tierId: text,
  name: names,
  tierIdAfter: text,
  nextTierId: z.nullable(text),
  nextName: z.nullable(names),
  measured: whole,
  nextFrom: z.nullable(whole),
});

const pricing = z.strictObject({
  programmeVersion: text,
  lines: z.array(pricedLine),
  subtotalMinor: whole,
  discountMinor: whole,
  roundingMinor: whole,
  totalMinor: whole,
  dueMinor: whole,
  taxes: z.array(taxTotal),
  discounts: z.array(discount),
  accruals: z.array(accrual),
  redemptions: z.array(redemption),
  tenderEffects: z.array(z.strictObject({ account: text, amountMinor: whole, ...why })),
  earnedPoints: whole,
  redeemedPoints: whole,
  movements: z.array(movement),
  refusals: z.array(z.strictObject({ rewardId: text, reason: refusal, missing: whole })),
  offers: z.array(offer),
  slips: z.array(slip),
  gifts: z.array(z.strictObject({ rewardId: text, sku: text, units: whole, ...why })),
  messages: z.array(message),
  explanation: z.array(
    z.strictObject({
      owner: z.nullable(text),
      account: z.nullable(text),
      points: whole,
      amountMinor: whole,
      ...why,
    }),
  ),
  entitlements: z.array(z.strictObject({ rewardId: text, name: names, left: whole, of: whole })),
  tier: z.nullable(tier),
});

const outcome = {
  movements: z.array(movement),
  explanation: z.array(z.strictObject({ account: text, points: whole, ...why })),
};

const refused = {
  reason: z.enum([
    'member-missing',
    'member-unknown',
    'rule-unknown',
    'limit-reached',
    'condition-unmet',
    'points-short',
    'same-member',
    'reason-unknown',
    'too-late',
    'already-done',
    'staff-card',
    'ended',
    'quantity-exceeded',
    'manager-required',
    'refused',
  ]),
  left: whole,
};

const returned = z.discriminatedUnion('isRefused', [
  z.strictObject({ atIso: text, isRefused: z.literal(true), ...refused }),
  z.strictObject({
    atIso: text,
    isRefused: z.literal(false),
    lines: z.array(
      z.strictObject({
        line: whole,
        quantity: whole,
        refundMinor: whole,
        taxRateBasisPoints: whole,
      }),
    ),
    refundMinor: whole,
    refunds: z.array(z.strictObject({ tenderType: text, amountMinor: whole })),
    ...outcome,
  }),
]);

const head = {
  programmeVersion: text,
  atIso: text,
  memberId: z.nullable(text),
  balancesAfter: z.record(text, z.record(text, z.strictObject({ held: whole, spendable: whole }))),
  stateAfter: stateFile,
};

/** What `npm run price` prints. */
export const pricedForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sale'), ...head, pricing, returned: z.optional(returned) }),
  z.strictObject({
    kind: z.literal('occasion'),
    ...head,
    action: text,
    outcome: z.strictObject(outcome),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    ...head,
    action: text,
    refused: z.strictObject(refused),
  }),
]);
