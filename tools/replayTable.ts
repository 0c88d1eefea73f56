// Owns the comparison of a replay as a table for people.
import type { ReplayReport, SaleDifference, Sums } from '#loyalty/reporting/replayReport.ts';

export interface TableFacts {
  readonly programmeVersion: string;
  readonly days: number;
  readonly currency: string;
  /** Decimal places of the currency. */
  readonly decimals: number;
  readonly cardOf: (memberId: string) => string;
}

const WIDTH = 14;

function grouped(value: number): string {
  return new Intl.NumberFormat('en').format(value);
}

/** `-1,234.50`: minor units without a float. */
function money(amountMinor: number, decimals: number): string {
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  const whole = grouped(Number(digits.slice(0, digits.length - decimals)));
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return amountMinor < 0 ? `-${text}` : text;
}

const right = (text: string): string => text.padStart(WIDTH);
const signed = (value: number, text: string): string => (value > 0 ? `+${text}` : text);

function row(name: string, before: number, after: number, show: (value: number) => string): string {
  const difference = signed(after - before, show(after - before));
  return name.padEnd(18) + right(show(before)) + right(show(after)) + right(difference);
}

function totalsOf(before: Sums, after: Sums, { currency, decimals }: TableFacts): string[] {
  const inMoney = (value: number) => money(value, decimals);
  return [
    ''.padEnd(18) + right('then') + right('now') + right('difference'),
    row('points earned', before.earnedPoints, after.earnedPoints, grouped),
    row('points spent', before.redeemedPoints, after.redeemedPoints, grouped),
    row(`money off, ${currency}`, before.discountMinor, after.discountMinor, inMoney),
    row(`cost, ${currency}`, before.costMinor, after.costMinor, inMoney),
  ];
}

function differenceOf({ decimals, cardOf }: TableFacts) {
  return ({ receiptNumber, atMs, memberId, before, after }: SaleDifference): string => {
    const day = new Date(atMs).toISOString().slice(0, 10);
    const card = (memberId === null ? 'guest' : cardOf(memberId)).padEnd(10);
    const points = `${grouped(before.earnedPoints)} to ${grouped(after.earnedPoints)}`;
    const cost = `${money(before.costMinor, decimals)} to ${money(after.costMinor, decimals)}`;
    return `  ${receiptNumber}  ${day}  ${card}  points ${points}, cost ${cost}`;
  };
}

/** Lines of at most a terminal's width, without a line feed at the end. */
export function replayTable(report: ReplayReport, facts: TableFacts): string {
  const { saleCount, before, after, tierChanges, largest } = report;
  const count = grouped(saleCount);
  return [
    `${count} sales of ${facts.days} days, as they were and under ${facts.programmeVersion}`,
    '',
    ...totalsOf(before, after, facts),
    '',
    `Members on another level: ${grouped(tierChanges.length)}`,
    ...tierChanges.map((one) => `  ${facts.cardOf(one.memberId)}  ${one.before} to ${one.after}`),
    '',
    `Largest differences: ${largest.length}`,
    ...largest.map(differenceOf(facts)),
  ].join('\n');
}
