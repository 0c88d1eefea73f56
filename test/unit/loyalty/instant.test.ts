// Goal: an instant is written as it is read. Method: both ways, beside what Date says.
import { describe, expect, it } from 'vitest';
import { instantText, parseInstantIso } from '#loyalty/instant.ts';

describe('instantText', () => {
  it.each([
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2000-02-29T12:34:56Z',
    '2026-03-06T09:05:07Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('%s', (iso) => {
    const atMs = parseInstantIso(iso) ?? Number.NaN;
    expect(atMs).toBe(Date.parse(iso));
    expect(instantText(atMs)).toBe(iso);
  });
});
