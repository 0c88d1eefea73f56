// Owns seeing whether this process's event loop was blocked.

const TICK_MS = 50;

/** Watches until the answer is called: the longest time in which the loop stood still. */
export function watchLoop(): () => number {
  let lastMs = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    return longestMs;
  };
}
