// Owns a stand-in for the calls of a system: each is answered as it was written down, in order.

import type { WindowsFault } from '#drivers/printer/wire/windowsCalls.ts';
import { failure, type Result, success } from '#drivers/result.ts';

/** One call, its arguments, and what it answers; a number after `fault` is GetLastError's. */
export type RecordedCall =
  | { readonly call: string; readonly args: readonly unknown[]; readonly answer: unknown }
  | { readonly call: string; readonly args: readonly unknown[]; readonly fault: number };

export interface Recording {
  /** What is left unasked; a test ends with none. */
  left(): readonly string[];
  /** How often calls were made that the script does not have. */
  readonly surprises: string[];
}

function textOf(call: string, args: readonly unknown[]): string {
  const shown = args.map((arg) =>
    arg instanceof Uint8Array ? `[${[...arg].join(' ')}]` : String(arg),
  );
  return `${call}(${shown.join(', ')})`;
}

/**
 * An edge of type `T` whose methods all return promises of results. A call that is not the next of
 * the script fails as Windows error 87 and is kept in `surprises`.
 */
export function replay<T extends object>(script: readonly RecordedCall[]): T & Recording {
  const waiting = [...script];
  const surprises: string[] = [];
  const recording: Recording = {
    left: () => waiting.map((entry) => textOf(entry.call, entry.args)),
    surprises,
  };
  function answer(call: string, args: readonly unknown[]): Result<unknown, WindowsFault> {
    const next = waiting[0];
    const made = textOf(call, args);
    if (next === undefined || textOf(next.call, next.args) !== made) {
      surprises.push(made);
      return failure({ call, code: 87 });
    }
    waiting.shift();
    return 'fault' in next ? failure({ call, code: next.fault }) : success(next.answer);
  }
  return new Proxy(recording, {
    get(target, name) {
      if (name === 'left' || name === 'surprises') return Reflect.get(target, name);
      return (...args: readonly unknown[]) => Promise.resolve(answer(String(name), args));
    },
  }) as T & Recording;
}
