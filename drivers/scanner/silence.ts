// Owns the silence that ends or drops what a scanner sent: its alarm, and what it is not.
import type { ProtocolEvent, ScanProtocol } from '#drivers/scanner/protocol.ts';
import type { Timers } from '#drivers/timers.ts';

interface Listened {
  readonly timers: Timers;
  readonly protocol: ScanProtocol;
  /** A device that is gone is silent too, and its frame is but a half. */
  readonly isStillThere: () => Promise<boolean>;
  readonly onEvents: (events: readonly ProtocolEvent[]) => void;
}

export interface Silence {
  /** After each read: sets the alarm anew, or none where nothing waits for more. */
  arm(): void;
  /** The time to give a read that came just now. */
  timeOfReadMs(): number;
  stop(): void;
}

/**
 * An alarm later than this was held up by the process, and so may be bytes that wait behind it: a
 * serial port reads them in another thread, so that the rounds of reading of timers.ts do not do.
 * On a busy computer that thread gets its turn some time later than this one.
 */
const alarmLateMs = 20;
const alarmRetryMs = 40;

/**
 * The alarm alone says that it was silent. A process that stood still (a receipt is drawn, a laptop
 * slept) comes round to a read long after its bytes lay ready: by the clock the rest of a code
 * would then count as a code of its own, and half a number could be booked. So as long as the alarm
 * has not rung, what comes is taken to have come just before it. Two codes without an end of their
 * own may thus come out as one: that one is on no file, and half a number might be.
 */
export function createSilence({ timers, protocol, isStillThere, onEvents }: Listened): Silence {
  let cancel = (): void => undefined;
  let isStopped = false;
  let hasRung = false;
  async function expire(): Promise<void> {
    hasRung = true;
    if (!(await isStillThere()) || isStopped || !hasRung) return;
    onEvents(protocol.tick(timers.nowMs()));
    // An alarm may ring a fraction of a millisecond early.
    arm();
  }
  function ring(dueMs: number): void {
    if (timers.nowMs() - dueMs <= alarmLateMs) void expire();
    else cancel = timers.after(alarmRetryMs, () => void expire());
  }
  function arm(): void {
    cancel();
    hasRung = false;
    const expiresAtMs = protocol.expiresAtMs();
    if (isStopped || expiresAtMs === null) return;
    const delayMs = Math.max(1, Math.ceil(expiresAtMs - timers.nowMs()));
    cancel = timers.after(delayMs, () => ring(expiresAtMs));
  }
  return {
    arm,
    timeOfReadMs() {
      const nowMs = timers.nowMs();
      const expiresAtMs = protocol.expiresAtMs();
      return expiresAtMs === null || hasRung ? nowMs : Math.min(nowMs, expiresAtMs - 1);
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
