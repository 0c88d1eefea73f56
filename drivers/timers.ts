// Owns the drivers' clock: injected, so that a test decides what time it is.

/** A monotonic clock and its alarms. */
export interface Timers {
  /** Milliseconds since a fixed moment; never goes back. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels it and may be called twice. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The process's own clock. */
export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
