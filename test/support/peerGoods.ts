// Owns the goods and members of the peers' cases: prices that their tables leave out.
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { SaleForm, StateForm } from '#test/support/loyaltyShop.ts';

export type LineForm = NonNullable<SaleForm['lines']>[number];

/** When a case says nothing of the time. */
export const AT = '2026-03-02T10:00:00Z';
export const LATER = '2026-03-03T10:00:00Z';

const PRICES_MINOR = {
  pen: 320,
  board: 198,
  organizer: 510,
  tray: 528,
  'monitor-stand': 319,
  cabinet: 32_000,
  chair: 1650,
  drawer: 2500,
} as const;
/** The trays are the only goods of that shop with another tax than the rest: 10 %, inside. */
const TAXES_BASIS_POINTS: Readonly<Record<string, number>> = { tray: 1000, drawer: 3000 };

/** A line of the peers' own goods. */
export function goods(sku: keyof typeof PRICES_MINOR, quantity = 1): LineForm {
  return {
    sku,
    quantity,
    unitPriceMinor: PRICES_MINOR[sku],
    taxRateBasisPoints: TAXES_BASIS_POINTS[sku] ?? 0,
  };
}

/** A line of goods that a case prices itself. */
export function item(
  sku: string,
  unitPriceMinor: number,
  more: Omit<LineForm, 'sku' | 'unitPriceMinor'> = {},
): LineForm {
  return { sku, unitPriceMinor, ...more };
}

/** Members by id, with what they hold in an account. */
export function members(held: Readonly<Record<string, number>>, account = 'points'): StateForm {
  return {
    members: Object.entries(held).map(([memberId, amount]) => ({
      memberId,
      balances: { [account]: amount },
    })),
  };
}

/** The money of each discount line, in the order of the receipt. */
export function amountsOff(pricing: Pricing): number[] {
  return pricing.discounts.map(({ amountMinor }) => amountMinor);
}

export function taxOf(pricing: Pricing): number {
  return pricing.taxes.reduce((sumMinor, { taxMinor }) => sumMinor + taxMinor, 0);
}
