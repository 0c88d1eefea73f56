// Owns the demo shop: who it is, what it sells, its members, and the PINs that the README shows.

import type { Member } from '#loyalty/books/member.ts';
import { gs1CheckDigit, luhnCheckDigit } from '#loyalty/check.ts';
import type { Product } from '#loyalty/pricing/basket.ts';
import { DEMO_PINS } from '#till/pins.ts';
import type { NewOperator } from '#till/setUp.ts';
import type { Shop } from '#till/shop.ts';

/** Devices and head office are filled in by whoever starts them beside the till. */
export const demoShop: Shop = {
  storeName: 'Ada Kahve & Market',
  addressLines: ['Moda Cad. 12', '34710 Kadıköy, İstanbul'],
  taxNumber: 'VKN 0010203040',
  storeNumber: 1,
  tillNumber: 2,
  currency: 'EUR',
  language: 'en',
  footerLines: ['Teşekkürler · Danke schön · Thank you'],
  headOffice: null,
  scanners: [],
  printer: null,
  isDemo: true,
};

export const demoOperators: readonly NewOperator[] = [
  { operatorId: 'op-1', name: 'Elif', role: 'cashier', pin: DEMO_PINS.cashier },
  { operatorId: 'op-2', name: 'Deniz', role: 'manager', pin: DEMO_PINS.manager },
];

/** A product under the test prefix 952 (GS1 GenSpecs: for examples). */
function product(
  number: number,
  name: string,
  productType: string,
  unitPriceMinor: number,
  taxRateBasisPoints: number,
): Product {
  const body = `952${String(number).padStart(9, '0')}`;
  const barcode = `${body}${gs1CheckDigit(body)}`;
  const sku = `P${String(number).padStart(3, '0')}`;
  return { sku, barcode, name, productType, unitPriceMinor, taxRateBasisPoints };
}

export const demoProducts: readonly Product[] = [
  product(1, 'Türk kahvesi 250 g', 'coffee', 449, 700),
  product(2, 'Filtre kahve 500 g', 'coffee', 899, 700),
  product(3, 'Espresso', 'coffee', 250, 1900),
  product(4, 'Cappuccino', 'coffee', 380, 1900),
  product(5, 'Simit', 'bakery', 120, 700),
  product(6, 'Käsekuchen', 'bakery', 390, 700),
  product(7, 'Süße Brötchen 4er', 'bakery', 260, 700),
  product(8, 'Çay bardağı, 6 lı', 'homeware', 1290, 1900),
  product(9, 'Olive oil 1 l', 'grocery', 1150, 700),
  product(10, 'Milk 1 l', 'grocery', 139, 700),
  product(11, 'Apples 1 kg', 'grocery', 299, 700),
  product(12, 'Gift card 25', 'gift-card', 2500, 0),
];

/** An EAN-13 card under the demo's member prefix 299. */
export function demoCard(number: number): string {
  const body = `299${String(number).padStart(9, '0')}`;
  return `${body}${gs1CheckDigit(body)}`;
}

/** A card by the demo's Luhn rule: prefix 8000, 13 digits. */
export function demoLuhnCard(number: number): string {
  const body = `8000${String(number).padStart(8, '0')}`;
  return `${body}${luhnCheckDigit(body)}`;
}

function member(
  number: number,
  cardNumber: string,
  displayName: string,
  balancePoints: number,
  tierPoints: number,
): Member {
  const memberId = `demo-member-${number}`;
  return { memberId, cardNumber, displayName, balancePoints, tierPoints, isBlocked: false };
}

export const demoMembers: readonly Member[] = [
  member(1, demoCard(1), 'Emma Clarke', 136, 136),
  member(2, demoCard(2), 'Ayşe Yılmaz', 640, 2140),
  member(3, demoCard(3), 'Jürgen Groß', 48, 548),
  member(4, demoLuhnCard(1234567), 'Şule Öztürk', 320, 820),
  member(5, '952110123456700015', 'GSRN Member', 75, 75),
  { ...member(6, demoCard(6), 'Blocked Card', 10, 10), isBlocked: true },
];
