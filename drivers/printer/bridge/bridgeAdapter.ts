// Owns the bridge to a shop's own adapter for the npm package `escpos`: it serves as a transport.
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import type { DeviceError } from '#drivers/device.ts';
import {
  connectionOver,
  openWithin,
  SessionState,
  type Wire,
} from '#drivers/printer/wire/connection.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

type Callback = (error?: unknown) => void;
type Listener = (value?: unknown) => void;

/** What escpos 2 asks of an adapter (adapter.js there); `on` where it is an event emitter. */
export interface EscposAdapter {
  open(callback: Callback): unknown;
  write(data: Uint8Array, callback: Callback): unknown;
  close(callback: Callback): unknown;
  on?(event: string, listener: Listener): unknown;
  removeListener?(event: string, listener: Listener): unknown;
}

/** Words with which an adapter says that its device is gone. */
const LOSS_EVENTS = ['error', 'close', 'disconnect', 'detach'] as const;

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isAdapter(value: unknown): value is EscposAdapter {
  if (typeof value !== 'object' || value === null) return false;
  return (['open', 'write', 'close'] as const).every(
    (name) => name in value && typeof Reflect.get(value, name) === 'function',
  );
}

/**
 * The module exports an adapter, or a function that makes one for each session. A broken module is
 * a `failure`, told when a session is opened.
 */
function loadAdapter(path: string): Result<EscposAdapter, DeviceError> {
  let exported: unknown;
  try {
    exported = createRequire(path)(path);
    if (typeof exported === 'function') exported = exported();
  } catch (error) {
    return failure({ code: 'failure', detail: `${path}: ${wordsOf(error)}` });
  }
  if (!isAdapter(exported)) {
    const detail = `${path} exports no adapter with open, write and close`;
    return failure({ code: 'failure', detail });
  }
  // escpos's own Network adapter and its kin destroy the socket: what was not read resets the
  // session, and the printer drops the receipt that was reported as printed (printing.md §1.5).
  if (Reflect.get(exported, 'device') instanceof Socket) {
    const detail = `${path} loses receipts at its close: give the address tcp://HOST:PORT instead`;
    return failure({ code: 'failure', detail });
  }
  return success(exported);
}

/**
 * Says no more than the adapter's callbacks do; most cannot be read. Choose a profile that expects
 * no answer for an event emitter that never emits `data`: only one that is none is known for mute.
 */
export function bridgeTransport(path: string, timers: Timers): Transport {
  let isOneWay = false;
  return {
    keepsSession: false,
    /** Known once a session was opened: an adapter without `on` has no way to say anything. */
    get isOneWay() {
      return isOneWay;
    },
    connect(deadlineMs) {
      const loaded = loadAdapter(path);
      if (!loaded.ok) return Promise.resolve(loaded);
      isOneWay = typeof loaded.value.on !== 'function';
      return connectAdapter(loaded.value, timers, deadlineMs);
    },
  };
}

/** Calls an adapter, which may throw, call back twice, or never; null is good. */
function call(
  start: (callback: Callback) => unknown,
  timers: Timers,
  deadlineMs: number | null,
): Promise<DeviceError | null> {
  return new Promise((resolve) => {
    const cancel =
      deadlineMs === null
        ? () => undefined
        : timers.after(deadlineMs, () => {
            resolve({ code: 'timeout', detail: 'the adapter did not call back' });
          });
    const settle = (error: unknown): void => {
      cancel();
      const isGood = error === null || error === undefined;
      resolve(isGood ? null : { code: 'offline', detail: wordsOf(error) });
    };
    try {
      start(settle);
    } catch (error) {
      settle(error);
    }
  });
}

async function connectAdapter(
  adapter: EscposAdapter,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  const wire = new AdapterWire(adapter, timers);
  const connection = connectionOver(wire);
  newestWires.set(adapter, wire);
  const opening = call((callback) => adapter.open(callback), timers, null).then(
    (refused): Result<AdapterWire, DeviceError> =>
      refused === null ? success(wire) : failure(refused),
  );
  const opened = await openWithin(opening, deadlineMs, timers, () => {
    // A later session on the same adapter closes it itself.
    if (newestWires.get(adapter) !== wire) return;
    void call((callback) => adapter.close(callback), timers, CLOSE_EVENT_MS);
  });
  if (opened?.ok === true) {
    wire.isOpen = true;
    return success(connection);
  }
  await connection.end(1);
  return failure(opened?.error ?? { code: 'timeout', detail: 'the adapter did not call back' });
}

/** By adapter, the session that was begun last: one adapter may serve many. */
const newestWires = new WeakMap<EscposAdapter, AdapterWire>();
/** An adapter that said that it closed may tell so once more, by its event. */
const CLOSE_EVENT_MS = 100;

/** Adapters whose errors are listened to for good. */
const hushed = new WeakSet<EscposAdapter>();

class AdapterWire implements Wire {
  readonly state = new SessionState();
  readonly closed: DeviceError = {
    code: 'closed',
    detail: 'the session with the adapter has ended',
  };
  readonly #adapter: EscposAdapter;
  readonly #timers: Timers;
  readonly #listeners: (readonly [string, Listener])[] = [];
  /** Until then, a `close` is of the session before. */
  isOpen: boolean = false;
  #hasClosed: () => void = () => undefined;
  /** Settles at a `close` of this session. */
  readonly #closing: Promise<void> = new Promise((resolve) => {
    this.#hasClosed = resolve;
  });
  /** A loss settles the write that is under way. */
  #settleWrite: (error: DeviceError) => void = () => undefined;

  constructor(adapter: EscposAdapter, timers: Timers) {
    this.#adapter = adapter;
    this.#timers = timers;
    if (!hushed.has(adapter)) {
      hushed.add(adapter);
      // An error that nobody listens to ends the process, and one may come after the session.
      adapter.on?.('error', () => undefined);
    }
    this.#listen('data', (chunk) => {
      if (chunk instanceof Uint8Array) this.state.receive(chunk);
    });
    for (const event of LOSS_EVENTS) this.#listen(event, (error) => this.#lose(event, error));
  }

  send(bytes: Uint8Array): Promise<DeviceError | null> {
    if (this.state.lost !== null) return Promise.resolve(this.state.lost);
    const lost = new Promise<DeviceError>((resolve) => {
      this.#settleWrite = resolve;
    });
    // Adapters write Buffers; some ask for their methods.
    const data = Buffer.from(bytes);
    const written = call((callback) => this.#adapter.write(data, callback), this.#timers, null);
    return Promise.race([written, lost]);
  }

  /** Until the session ends: one adapter may serve many. */
  #listen(event: string, listener: Listener): void {
    this.#adapter.on?.(event, listener);
    this.#listeners.push([event, listener]);
  }

  #lose(event: string, error: unknown): void {
    if (event === 'close') {
      if (!this.isOpen) return;
      this.#hasClosed();
    }
    const said = error === undefined ? '' : `: ${wordsOf(error)}`;
    const lost: DeviceError = { code: 'offline', detail: `the adapter said ${event}${said}` };
    this.#settleWrite(lost);
    this.state.lose(lost);
  }

  async end(deadlineMs: number, sent: Promise<unknown>): Promise<DeviceError | null> {
    const before = this.state.lost;
    const startedAtMs = this.#timers.nowMs();
    const isSent = await settlesWithin(sent, deadlineMs, this.#timers);
    const unsent: DeviceError = { code: 'timeout', detail: 'the adapter held the last bytes' };
    if (!isSent) this.#settleWrite(unsent);
    const leftMs = Math.max(1, deadlineMs - (this.#timers.nowMs() - startedAtMs));
    const refused = await call((callback) => this.#adapter.close(callback), this.#timers, leftMs);
    if (this.isOpen && this.#adapter.on !== undefined) {
      const restMs = Math.max(1, deadlineMs - (this.#timers.nowMs() - startedAtMs));
      await settlesWithin(this.#closing, Math.min(CLOSE_EVENT_MS, restMs), this.#timers);
    }
    for (const [event, listener] of this.#listeners) {
      this.#adapter.removeListener?.(event, listener);
    }
    return before ?? (isSent ? refused : unsent);
  }
}
