// Owns the till's end of the contract: what a page sends is checked here, before anything acts.
import type { Result } from '#loyalty/result.ts';
import { failure } from '#loyalty/result.ts';
import type { ToPage, ToTill } from '#till/channel.ts';
import {
  CONTRACT_VERSION,
  type DevicesView,
  type MethodInput,
  type MethodName,
  type MethodOutput,
  methods,
  type Permission,
  type SessionSnapshot,
  type TillError,
} from '#till/contract.ts';
import type { MessageEnd } from '#till/deviceContract.ts';

/** A larger message from a page closes the channel. */
export const MESSAGE_BYTES_MAX = 64 * 1024;
export const IN_FLIGHT_MAX = 32;

export type Handlers = {
  readonly [M in MethodName]: (
    input: MethodInput<M>,
  ) => Result<MethodOutput<M>, TillError> | Promise<Result<MethodOutput<M>, TillError>>;
};

export interface ServedTill {
  readonly handlers: Handlers;
  /** What the operator who is signed in may do; the page's word is never proof. */
  role(): Permission;
  /** A whole snapshot at each change. Returns the function that ends it. */
  onChange(listener: (snapshot: SessionSnapshot) => void): () => void;
  /** The device screen, at each change while it is watched. Returns what ends it. */
  onDevices(listener: (view: DevicesView) => void): () => void;
}

const RANK: Readonly<Record<Permission, number>> = { anyone: 0, cashier: 1, manager: 2 };

function refusal(code: TillError['code'], detail?: string): Result<never, TillError> {
  return failure(detail === undefined ? { code } : { code, detail });
}

async function answer(
  till: ServedTill,
  name: string,
  input: unknown,
): Promise<Result<unknown, TillError>> {
  // An own property only: `constructor` and `__proto__` are no methods.
  if (!Object.hasOwn(methods, name)) return refusal('unknown-method');
  const method = methods[name as MethodName];
  if (RANK[till.role()] < RANK[method.permission]) {
    return refusal(till.role() === 'anyone' ? 'operator-required' : 'manager-required');
  }
  const parsed = method.input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refusal('invalid-request', `${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}`.trim());
  }
  const handle = till.handlers[name as MethodName] as (
    value: unknown,
  ) => Result<unknown, TillError> | Promise<Result<unknown, TillError>>;
  return handle(parsed.data);
}

/** Serves one page until its channel closes. */
export function serve(end: MessageEnd<ToPage, ToTill>, till: ServedTill): void {
  let inFlight = 0;
  let hasGreeted = false;
  let endSubscription = (): void => {};

  function close(): void {
    endSubscription();
    end.close();
  }

  function receive(message: ToTill): void {
    if (JSON.stringify(message).length > MESSAGE_BYTES_MAX) return close();
    if (message.type === 'hello' && !hasGreeted) {
      if (message.contractVersion !== CONTRACT_VERSION) {
        end.post({ type: 'refused', error: { code: 'version-mismatch' } });
        return;
      }
      hasGreeted = true;
      end.post({ type: 'welcome' });
      const endSession = till.onChange((snapshot) => {
        end.post({ type: 'event', event: 'session.changed', payload: snapshot });
      });
      const endDevices = till.onDevices((view) => {
        end.post({ type: 'event', event: 'devices.changed', payload: view });
      });
      endSubscription = () => {
        endSession();
        endDevices();
      };
      return;
    }
    if (message.type !== 'call' || !hasGreeted || !Number.isSafeInteger(message.id)) return close();
    if (inFlight >= IN_FLIGHT_MAX) return close();
    inFlight += 1;
    const id = message.id;
    // A handler that throws is a bug: the rejection stays unhandled and ends the process.
    void answer(till, message.method, message.input).then((result) => {
      inFlight -= 1;
      end.post({ type: 'answer', id, result });
    });
  }

  end.onMessage(receive);
  end.onClose(() => endSubscription());
}

/** Answers every greeting with why there is no till to serve: a store that cannot be opened. */
export function refuseAll(end: MessageEnd<ToPage, ToTill>, error: TillError): void {
  end.onMessage((message) => {
    if (message.type === 'hello') end.post({ type: 'refused', error });
  });
}
