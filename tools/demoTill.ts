// Owns a till without a page for the demo: core here, devices in their process, a channel to it.
import { assert } from '#loyalty/assert.ts';
import type { Result } from '#loyalty/result.ts';
import { connect, type ToPage, type ToTill } from '#till/channel.ts';
import {
  CONTRACT_VERSION,
  type MethodInput,
  type MethodName,
  type MethodOutput,
  type SessionSnapshot,
  type TillError,
} from '#till/contract.ts';
import { startCore } from '#till/core.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { coreOptions, DATA_FOLDER_VARIABLE } from '#till/environment.ts';
import { childEnd, inProcessPair } from '#till/messageEnds.ts';
import type { Family } from '#tools/family.ts';

export interface DemoTill {
  call<M extends MethodName>(
    method: M,
    input: MethodInput<M>,
  ): Promise<Result<MethodOutput<M>, TillError>>;
  /** The same where a refusal is the demo's failure. */
  must<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>>;
  /** The first state for which `isWanted` holds; rejects with `what` when that takes too long. */
  until(what: string, isWanted: (snapshot: SessionSnapshot) => boolean): Promise<SessionSnapshot>;
  close(): Promise<void>;
}

const WAIT_MS_MAX = 8_000;

export interface DemoTillOptions {
  readonly shopFolder: string;
  readonly scannerPath: string;
  readonly printerAddress: string;
}

export async function openDemoTill(family: Family, options: DemoTillOptions): Promise<DemoTill> {
  const core = startCore(
    coreOptions({
      [DATA_FOLDER_VARIABLE]: options.shopFolder,
      TILL_SCANNER: options.scannerPath,
      TILL_PRINTER: options.printerAddress,
    }),
  );
  assert(core.fault === null, `the shop opens: ${JSON.stringify(core.fault)}`);
  const devices = family.fork('till/nodeDevices.ts', [], { serialization: 'advanced' });
  core.attachDevices(childEnd<CoreToDevices, DevicesToCore>(devices));
  const [tillSide, pageSide] = inProcessPair<ToPage, ToTill>();
  core.attachPage(tillSide);
  const connected = await connect(pageSide, CONTRACT_VERSION);
  assert(connected.ok, 'page and till share a contract');
  const channel = connected.value;

  const listeners = new Set<(snapshot: SessionSnapshot) => void>();
  channel.on('session.changed', (changed) => {
    for (const listener of listeners) listener(changed);
  });

  async function must<M extends MethodName>(
    method: M,
    input: MethodInput<M>,
  ): Promise<MethodOutput<M>> {
    const result = await channel.call(method, input);
    if (!result.ok) throw new Error(`${method} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  async function until(
    what: string,
    isWanted: (snapshot: SessionSnapshot) => boolean,
  ): Promise<SessionSnapshot> {
    const found = new Promise<SessionSnapshot>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), WAIT_MS_MAX);
      const look = (snapshot: SessionSnapshot): void => {
        if (!isWanted(snapshot)) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(snapshot);
      };
      listeners.add(look);
      void must('session.get', {}).then(look, reject);
    });
    return await found;
  }

  return {
    call: (method, input) => channel.call(method, input),
    must,
    until,
    // The devices process is the family's, and ends with it.
    close: () => core.close(),
  };
}
