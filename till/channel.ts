// Owns the page's end of the contract: calls, answers and events over any message channel.
import { assert } from '#loyalty/assert.ts';
import type { Result } from '#loyalty/result.ts';
import type {
  EventName,
  EventPayload,
  MethodInput,
  MethodName,
  MethodOutput,
  TillError,
} from '#till/contract.ts';
import type { MessageEnd } from '#till/deviceContract.ts';

/** What a page sends: one greeting, then calls. */
export type ToTill =
  | { readonly type: 'hello'; readonly contractVersion: number }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: string;
      readonly input: unknown;
    };

/** What the till sends. */
export type ToPage =
  | { readonly type: 'welcome' }
  | { readonly type: 'refused'; readonly error: TillError }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown, TillError> }
  | { readonly type: 'event'; readonly event: string; readonly payload: unknown };

/** A rejected promise means that the channel died, and nothing else: see `ChannelClosed`. */
export interface Channel {
  call<M extends MethodName>(
    method: M,
    input: MethodInput<M>,
  ): Promise<Result<MethodOutput<M>, TillError>>;
  /** Returns the function that ends the subscription. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  onClose(listener: () => void): void;
  close(): void;
}

export class ChannelClosed extends Error {
  constructor() {
    super('the channel to the till is closed');
    this.name = 'ChannelClosed';
  }
}

type Pending = {
  readonly resolve: (result: Result<unknown, TillError>) => void;
  readonly reject: (error: ChannelClosed) => void;
};

/** Greets the till; resolves once it has answered. Refused greetings resolve to the refusal. */
export function connect(
  end: MessageEnd<ToTill, ToPage>,
  contractVersion: number,
): Promise<Result<Channel, TillError>> {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const closeListeners = new Set<() => void>();
  let lastId = 0;
  let isOpen = true;

  function settleAll(): void {
    if (!isOpen) return;
    isOpen = false;
    // A pending call is always settled: a promise that hangs would hang a cashier.
    for (const call of pending.values()) call.reject(new ChannelClosed());
    pending.clear();
    for (const listener of closeListeners) listener();
  }

  const channel: Channel = {
    call<M extends MethodName>(method: M, input: MethodInput<M>) {
      if (!isOpen) return Promise.reject(new ChannelClosed());
      lastId += 1;
      const id = lastId;
      return new Promise<Result<MethodOutput<M>, TillError>>((resolve, reject) => {
        pending.set(id, { resolve: resolve as Pending['resolve'], reject });
        end.post({ type: 'call', id, method, input });
      });
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    onClose(listener) {
      closeListeners.add(listener);
    },
    close() {
      end.close();
      settleAll();
    },
  };

  return new Promise((resolve, reject) => {
    end.onMessage((message) => {
      if (message.type === 'welcome') resolve({ ok: true, value: channel });
      else if (message.type === 'refused') resolve({ ok: false, error: message.error });
      else if (message.type === 'answer') {
        const call = pending.get(message.id);
        assert(call !== undefined, 'an answer belongs to a call');
        pending.delete(message.id);
        call.resolve(message.result);
      } else {
        for (const listener of listeners.get(message.event) ?? []) {
          listener(message.payload as never);
        }
      }
    });
    end.onClose(() => {
      settleAll();
      reject(new ChannelClosed());
    });
    end.post({ type: 'hello', contractVersion });
  });
}
