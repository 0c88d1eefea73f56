// Goal: core comes back at once, devices ever later while they keep dying, both afresh once steady.
// Method: the waits for a script of lives; no clock is needed.
import { describe, expect, it } from 'vitest';
import { CORE_RESTART, DEVICES_RESTART, restartDelays } from '#electron/restart.ts';

describe('restartDelays', () => {
  it('starts core again at once, and slows a crash loop down to 2 s', () => {
    const next = restartDelays(CORE_RESTART);
    const delaysMs = Array.from({ length: 8 }, () => next(100));
    expect(delaysMs).toEqual([0, 0, 250, 500, 1_000, 2_000, 2_000, 2_000]);
  });

  it('doubles the wait of the devices from 1 s up to 30 s', () => {
    const next = restartDelays(DEVICES_RESTART);
    const delaysMs = Array.from({ length: 7 }, () => next(0));
    expect(delaysMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('forgets the failures of a child that stayed up', () => {
    const next = restartDelays(DEVICES_RESTART);
    next(0);
    next(0);
    expect(next(DEVICES_RESTART.steadyAfterMs)).toBe(1_000);
    expect(next(0)).toBe(2_000);
  });
});
