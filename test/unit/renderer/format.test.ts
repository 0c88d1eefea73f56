// Goal: the amounts that a cashier is offered are notes that a customer may hand over.
// Method: worked amounts, in currencies with two digits and none.
import { describe, expect, it } from 'vitest';
import { groupedCard, nextNotes } from '#renderer/format.ts';

describe('nextNotes', () => {
  it.each([
    [1234, 2, [1500, 2000, 5000]],
    [13_150, 2, [13_500, 14_000, 15_000]],
    [500, 2, [1000, 2000, 5000]],
    [1, 2, [500, 1000, 2000]],
    [40_000, 2, []],
    [1234, 0, [1235, 1240, 1250]],
  ])('%i at %i digits: %j', (due, digits, expected) => {
    expect(nextNotes(due, digits)).toEqual(expected);
  });
});

describe('groupedCard', () => {
  it('groups in fours and loses no digit', () => {
    expect(groupedCard('2990000000017')).toBe('2990 0000 0001 7');
    expect(groupedCard('952110123456700015')).toBe('9521 1012 3456 7000 15');
    expect(groupedCard('1234')).toBe('1234');
  });
});
