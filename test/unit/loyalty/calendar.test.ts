// Goal: days, weeks, months and years are those of the programme's zone. Method: instants on either
// side of midnights, leap days, ends of months, and nights in which clocks change.
import { describe, expect, it } from 'vitest';
import {
  businessDayNumber,
  businessDayOf,
  DAY_MS,
  dateOfDayNumber,
  dayMonthsAfter,
  dayNumberOf,
  isTimeZone,
  minutesOfDay,
  minutesOfText,
  monthStartAfter,
  monthStartOf,
  offsetMsAt,
  startOfDayMs,
  weekdayOf,
  weekStartOf,
  yearStartOf,
} from '#loyalty/calendar.ts';
import { dateOfDays } from '#loyalty/instant.ts';

const HOUR_MS = 3_600_000;
const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / DAY_MS;
const at = (iso: string) => Date.parse(iso);

describe('days', () => {
  it.each([
    ['2026-03-05', 4],
    ['2026-03-08', 7],
    ['2026-03-09', 1],
    ['1970-01-01', 4],
    ['1969-12-28', 7],
  ])('%s is weekday %i', (date, weekday) => {
    expect(weekdayOf(day(date))).toBe(weekday);
  });

  it.each([
    ['2026-03-05', '2026-03-02', '2026-03-01', '2026-01-01'],
    ['2026-03-02', '2026-03-02', '2026-03-01', '2026-01-01'],
    ['2027-01-01', '2026-12-28', '2027-01-01', '2027-01-01'],
    ['2028-12-31', '2028-12-25', '2028-12-01', '2028-01-01'],
  ])('the week, month and year of %s begin on %s, %s, %s', (date, week, month, year) => {
    const number = day(date);
    const starts = [weekStartOf(number), monthStartOf(number), yearStartOf(number)];
    expect(starts.map(dateOfDays)).toEqual([week, month, year]);
  });

  it.each([
    ['2026-01-31', 0, '2026-01-01', '2026-01-31'],
    ['2026-01-31', 1, '2026-02-01', '2026-02-28'],
    ['2028-01-31', 1, '2028-02-01', '2028-02-29'],
    ['2026-11-30', 3, '2027-02-01', '2027-02-28'],
    ['2026-12-15', 1, '2027-01-01', '2027-01-15'],
    ['2026-03-31', 12, '2027-03-01', '2027-03-31'],
  ])('%s and %i months: the month begins on %s, the day is %s', (date, months, first, same) => {
    expect(dateOfDays(monthStartAfter(day(date), months))).toBe(first);
    expect(dateOfDays(dayMonthsAfter(day(date), months))).toBe(same);
  });

  it('are dates', () => {
    expect(dateOfDayNumber(day('2028-02-29'))).toEqual({ year: 2028, month: 2, day: 29 });
    expect(dateOfDayNumber(0)).toEqual({ year: 1970, month: 1, day: 1 });
  });
});

describe('zones', () => {
  it.each([
    ['UTC', true],
    ['Europe/Istanbul', true],
    ['Europe/Stambul', false],
    ['+03:00', false],
    ['', false],
  ])('%j is a zone: %s', (zone, isZone) => {
    expect(isTimeZone(zone)).toBe(isZone);
  });

  it('have their offset at an instant, before and after clocks change', () => {
    expect(offsetMsAt(at('2026-03-29T00:59:59Z'), 'Europe/Berlin')).toBe(HOUR_MS);
    expect(offsetMsAt(at('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe(2 * HOUR_MS);
    expect(offsetMsAt(at('2026-07-01T00:00:00Z'), 'Asia/Kolkata')).toBe(5.5 * HOUR_MS);
    expect(offsetMsAt(at('2026-07-01T00:00:00Z'), 'America/New_York')).toBe(-4 * HOUR_MS);
    expect(offsetMsAt(at('2026-07-01T00:00:00Z'), 'UTC')).toBe(0);
  });

  it('have their own day and time of day', () => {
    const instant = at('2026-03-05T21:30:00Z');
    expect(dateOfDays(dayNumberOf(instant, 'Europe/Istanbul'))).toBe('2026-03-06');
    expect(minutesOfDay(instant, 'Europe/Istanbul')).toBe(30);
    expect(dateOfDays(dayNumberOf(instant, 'UTC'))).toBe('2026-03-05');
    expect(minutesOfDay(instant, 'UTC')).toBe(21 * 60 + 30);
    expect(minutesOfDay(at('2026-03-05T00:00:00Z'), 'UTC')).toBe(0);
    expect(minutesOfDay(at('2026-03-05T23:59:59Z'), 'UTC')).toBe(1439);
  });

  it('begin a day at local midnight, or where there is none at the first moment after', () => {
    const start = (date: string, zone: string) =>
      new Date(startOfDayMs(day(date), zone)).toISOString();
    expect(start('2026-03-05', 'UTC')).toBe('2026-03-05T00:00:00.000Z');
    expect(start('2026-03-05', 'Europe/Istanbul')).toBe('2026-03-04T21:00:00.000Z');
    expect(start('2026-03-05', 'America/New_York')).toBe('2026-03-05T05:00:00.000Z');
    expect(start('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
    expect(start('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
    expect(start('2026-10-25', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
    // Chile sets its clocks forward at midnight: 6 September 2026 begins at 01:00.
    expect(start('2026-09-06', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z');
  });
});

describe('business days', () => {
  it('begin at the cut-over, to the minute', () => {
    const night = (iso: string) => businessDayOf(at(iso), 'UTC', '04:30');
    expect(night('2026-03-05T04:29:59Z')).toBe('2026-03-04');
    expect(night('2026-03-05T04:30:00Z')).toBe('2026-03-05');
    expect(businessDayNumber(at('2026-03-05T00:00:00Z'), 'UTC', 0)).toBe(day('2026-03-05'));
  });

  it('do not go back when clocks are set back over the cut-over', () => {
    const berlin = (iso: string) => businessDayOf(at(iso), 'Europe/Berlin', '02:30');
    expect(berlin('2026-10-25T00:29:00Z')).toBe('2026-10-24');
    expect(berlin('2026-10-25T00:30:00Z')).toBe('2026-10-25');
    expect(berlin('2026-10-25T01:00:00Z')).toBe('2026-10-25');
    expect(berlin('2026-10-25T01:29:00Z')).toBe('2026-10-25');
    expect(berlin('2026-10-25T01:30:00Z')).toBe('2026-10-25');
  });

  it('read times of day', () => {
    expect(minutesOfText('00:00')).toBe(0);
    expect(minutesOfText('09:05')).toBe(545);
    expect(minutesOfText('24:00')).toBe(1440);
  });
});
