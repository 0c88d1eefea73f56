// Goal: no text makes the till fail, and none is booked that its own check digit does not carry.
// Method: seeded random text and damaged numbers, AIM identifiers, GS1 elements and links.
import { expect, it } from 'vitest';
import { parseFrame } from '#drivers/scanner/symbology.ts';
import { classify, typedCard } from '#loyalty/card.ts';
import {
  below,
  feed,
  fuzzFrames,
  mutate,
  pick,
  type Random,
  randomBytes,
} from '#test/support/fuzz.ts';
import { fuzzCards, judgeFrame, judgeReading } from '#test/support/fuzzNumbers.ts';
import { seededRandom } from '#test/support/runs.ts';

const good: readonly string[] = [
  ']E04006381333931',
  '2990000000019',
  ']E0306030209223',
  ']Xg306030209223',
  ']E496385074',
  ']C0770000000016',
  '8018952110123456700015',
  ']C18018952110123456700015',
  ']C10104006381333931\u001d8018952110123456700015\u001d8019001',
  ']Q1https://id.example.org/8018/952110123456700015/8019/12?x=1',
  'https://example.org/01/04006381333931',
  ']I104006381333931',
  ']C1811001234567890123',
  ']E3400638133393112345',
];
const strange = [...'٠١٢０１２\u0000\u001d]%/?#-  \u{1f600}é'];

function digits(random: Random, length: number): string {
  return Array.from({ length }, () => below(random, 10)).join('');
}

/** Often close to a number of the shop: the right prefix and length, any check digit. */
function makeText(random: Random, corpus: readonly Uint8Array[]): string {
  switch (below(random, 5)) {
    case 0:
      return Buffer.from(randomBytes(random, 40)).toString('latin1');
    case 1:
      return pick(random, ['29', '77', '8018', '(8018)']) + digits(random, 8 + below(random, 12));
    case 2:
      return pick(random, [']E0', ']C1', ']Q3', ']I1', '']) + digits(random, below(random, 24));
    case 3: {
      const text = Buffer.from(mutate(random, corpus)).toString('utf8');
      const at = below(random, text.length + 1);
      return text.slice(0, at) + pick(random, strange) + text.slice(at);
    }
    default:
      return Buffer.from(mutate(random, corpus)).toString('utf8');
  }
}

it(`numbers: ${fuzzFrames} texts, each booked only by its check digit`, () => {
  const random = seededRandom('fuzz numbers');
  const corpus = good.map((text) => new TextEncoder().encode(text));
  let booked = 0;
  feed(fuzzFrames, () => {
    const text = makeText(random, corpus);
    if (judgeFrame(text)) booked += 1;
    const parsed = parseFrame(text);
    const aim = parsed.type === 'scan' ? parsed.data.scanDataType : null;
    const label = parsed.type === 'scan' ? parsed.data.scanDataLabel : text;
    const noCards = { memberPrefix: null, luhn: null, gsrn: false };
    judgeReading(classify(label, aim, noCards), label);
    const typed = typedCard(text, fuzzCards);
    if (typed.kind === 'member') judgeReading(typed, text.replace(/[\s-]/g, ''));
    return 1;
  });
  // A run that books nothing has tried nothing.
  expect(booked).toBeGreaterThan(fuzzFrames / 100);
});

it('books each good number of the corpus but the coupon', () => {
  expect(good.filter((text) => !judgeFrame(text))).toEqual([']C1811001234567890123']);
});
