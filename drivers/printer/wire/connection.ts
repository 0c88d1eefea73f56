// Owns what printer sessions share: who listens, the one loss, writes in turn, and the deadlines.
import type { DeviceError } from '#drivers/device.ts';
import type { Connection } from '#drivers/printer/wire/transport.ts';
import type { Result } from '#drivers/result.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

/** How a session stands. The wire tells it what happens; the printing rules hear of it. */
export class SessionState {
  lost: DeviceError | null = null;
  isEnding: boolean = false;
  #onData: (chunk: Uint8Array) => void = () => undefined;
  #onLost: (error: DeviceError) => void = () => undefined;

  readonly listeners: Pick<Connection, 'onData' | 'onLost'> = {
    onData: (listener) => {
      this.#onData = listener;
    },
    onLost: (listener) => {
      this.#onLost = listener;
      if (this.lost !== null && !this.isEnding) listener(this.lost);
    },
  };

  receive(chunk: Uint8Array): void {
    this.#onData(chunk);
  }

  /** The first loss counts. Whoever ends the session hears of it from `end` instead. */
  lose(error: DeviceError): void {
    if (this.lost !== null) return;
    this.lost = error;
    if (!this.isEnding) this.#onLost(error);
  }
}

/** A way to a printer that takes one write at a time. */
export interface Wire {
  readonly state: SessionState;
  /** What a write is told once the session ends. */
  readonly closed: DeviceError;
  /** Called when the write before has settled, even if it failed or the session was lost. */
  send(bytes: Uint8Array): Promise<DeviceError | null>;
  /** Called once; `sent` settles when the last write has, at once where none is under way. */
  end(deadlineMs: number, sent: Promise<unknown>, isSending: boolean): Promise<DeviceError | null>;
  /** See Connection. */
  abandon?(error: DeviceError): void;
}

export function connectionOver(wire: Wire): Connection {
  const { state } = wire;
  let tail: Promise<unknown> = Promise.resolve();
  let ended: Promise<DeviceError | null> | null = null;
  let sendingCount = 0;
  return {
    ...state.listeners,
    write(bytes) {
      if (state.isEnding) return Promise.resolve(state.lost ?? wire.closed);
      sendingCount += 1;
      const sent = tail
        .then(() => wire.send(bytes))
        .finally(() => {
          sendingCount -= 1;
        });
      tail = sent;
      return sent;
    },
    end(deadlineMs) {
      state.isEnding = true;
      ended ??= wire.end(deadlineMs, tail, sendingCount > 0);
      return ended;
    },
    abandon(error) {
      if (ended === null) wire.abandon?.(error);
    },
  };
}

/** Null when `opening` takes too long; what opens later still is closed again. */
export async function openWithin<Opened, Fault>(
  opening: Promise<Result<Opened, Fault>>,
  deadlineMs: number,
  timers: Timers,
  close: (opened: Opened) => unknown,
): Promise<Result<Opened, Fault> | null> {
  if (await settlesWithin(opening, deadlineMs, timers)) return opening;
  void opening.then((late) => {
    if (late.ok) close(late.value);
  });
  return null;
}
