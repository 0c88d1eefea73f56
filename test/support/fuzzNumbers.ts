// Owns judging what a scan would be booked as, by check digits of the test's own reckoning.
import { parseFrame } from '#drivers/scanner/symbology.ts';
import { type CardRules, classify, type ScanReading } from '#loyalty/card.ts';

/** Cards of every kind, so that each can be got wrong. */
export const fuzzCards: CardRules = {
  memberPrefix: '29',
  luhn: { prefix: '77', length: 12 },
  gsrn: true,
};

const DOUBLED = '0246813579';

/** Doubling by table, from the left with the parity counted from the end. */
function passesLuhn(number: string): boolean {
  const digits = [...number].map((digit, index) =>
    (number.length - index) % 2 === 0 ? Number(DOUBLED[Number(digit)]) : Number(digit),
  );
  return digits.reduce((sum, digit) => sum + digit, 0) % 10 === 0;
}

/** Three times the even places and once the odd, from the right. */
function passesGs1(number: string): boolean {
  const reversed = [...number].reverse().map(Number);
  const once = reversed.filter((_digit, index) => index % 2 === 0);
  const thrice = reversed.filter((_digit, index) => index % 2 === 1);
  const sum = (digits: number[]): number => digits.reduce((total, digit) => total + digit, 0);
  return (sum(once) + 3 * sum(thrice)) % 10 === 0;
}

/** Fails when `reading` would book a number that its own check digit does not carry. */
export function judgeReading(reading: ScanReading, label: string): void {
  if (reading.kind === 'member') {
    const { cardNumber: number } = reading;
    const isEan = /^29[0-9]{11}$/.test(number) && passesGs1(number);
    const isLuhn = /^77[0-9]{10}$/.test(number) && passesLuhn(number);
    const isGsrn = /^[0-9]{18}$/.test(number) && passesGs1(number);
    if (!(isEan || isLuhn || isGsrn)) throw new Error(`${number} of ${label} is no card`);
    // A link may write a digit as %3x; every other label holds the number as it stands.
    if (!(label.includes(number) || label.includes('%'))) throw new Error(`${number}: ${label}`);
  } else if (reading.kind === 'product') {
    const { barcode } = reading;
    const isGtin = /^([0-9]{8}|[0-9]{13})$/.test(barcode) && passesGs1(barcode);
    if (!isGtin) throw new Error(`${barcode} of ${label} is no product`);
  }
}

/** Judges a frame as the till would take it; true when it names a member or a product. */
export function judgeFrame(text: string): boolean {
  const parsed = parseFrame(text);
  if (parsed.type !== 'scan') return false;
  const { scanDataLabel, scanDataType } = parsed.data;
  const reading = classify(scanDataLabel, scanDataType, fuzzCards);
  judgeReading(reading, scanDataLabel);
  return reading.kind === 'member' || reading.kind === 'product';
}
