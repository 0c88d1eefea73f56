// Owns a clock that only a test moves.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timers } from '#drivers/timers.ts';

export interface ManualTimers extends Timers {
  /** Moves time on, rings each alarm at its own moment, and lets promises settle after each. */
  advance(durationMs: number): Promise<void>;
  /** Time goes by and nothing runs: what was due meanwhile is late at the next `advance`. */
  standStill(durationMs: number): void;
  /** How many alarms are set. */
  pendingCount(): number;
}

export function createManualTimers(): ManualTimers {
  let nowMs = 0;
  let lastId = 0;
  const alarms = new Map<number, { readonly atMs: number; readonly callback: () => void }>();

  function nextAlarm(untilMs: number): number | null {
    const due = [...alarms].filter(([, alarm]) => alarm.atMs <= untilMs);
    due.sort(([idA, a], [idB, b]) => a.atMs - b.atMs || idA - idB);
    return due[0]?.[0] ?? null;
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, callback) {
      lastId += 1;
      const id = lastId;
      alarms.set(id, { atMs: nowMs + delayMs, callback });
      return () => void alarms.delete(id);
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await nextTurn();
      for (let id = nextAlarm(untilMs); id !== null; id = nextAlarm(untilMs)) {
        const alarm = alarms.get(id);
        alarms.delete(id);
        nowMs = Math.max(nowMs, alarm?.atMs ?? nowMs);
        alarm?.callback();
        await nextTurn();
      }
      nowMs = untilMs;
    },
    standStill(durationMs) {
      nowMs += durationMs;
    },
    pendingCount: () => alarms.size,
  };
}
