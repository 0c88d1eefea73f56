// Owns the drivers' clock: injected, so that a test decides what time it is.

/** A monotonic clock and its alarms. */
export interface Timers {
  /** Milliseconds since a fixed moment; never goes back. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels it and may be called twice. */
  after(delayMs: number, callback: () => void): () => void;
}

/**
 * The process's own clock. An alarm waits for two rounds of reading: after a standstill (a busy
 * computer, a laptop that slept) Node runs due timers before it reads (libuv's design overview,
 * "The I/O loop"), so a reply or the rest of a scan that lay ready would count as missing. Two,
 * for an answer that is made in this process once the question has been read: the virtual printer's
 * where a test runs it beside the till.
 */
export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    let round: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      round = setImmediate(() => {
        round = setImmediate(callback);
      });
    }, delayMs);
    return () => {
      clearTimeout(timer);
      clearImmediate(round);
    };
  },
};

/** Whether `work`, which must not reject, settles before `limitMs` have passed. */
export function settlesWithin(
  work: Promise<unknown>,
  limitMs: number,
  timers: Timers,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(limitMs, () => resolve(false));
    void work.then(() => {
      cancel();
      resolve(true);
    });
  });
}
