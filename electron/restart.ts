// Owns when a child that died is started again: soon at first, later when it keeps dying.

export interface RestartPolicy {
  /** Waits of the first, second, … restart; the last one repeats. */
  readonly delaysMs: readonly number[];
  /** A child that lived this long starts over at the first wait. */
  readonly steadyAfterMs: number;
}

/** Core carries the sale: at once, and slower only when it cannot stay up. */
export const CORE_RESTART: RestartPolicy = {
  delaysMs: [0, 0, 250, 500, 1_000, 2_000],
  steadyAfterMs: 30_000,
};

/** A driver that crashes on a device would otherwise crash as fast as it can. */
export const DEVICES_RESTART: RestartPolicy = {
  delaysMs: [1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
  steadyAfterMs: 60_000,
};

/** Gives the wait before each restart from how long the child lived. */
export function restartDelays(policy: RestartPolicy): (livedMs: number) => number {
  let failures = 0;
  return (livedMs) => {
    if (livedMs >= policy.steadyAfterMs) failures = 0;
    const delayMs = policy.delaysMs[Math.min(failures, policy.delaysMs.length - 1)] ?? 0;
    failures += 1;
    return delayMs;
  };
}
