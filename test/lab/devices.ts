// Owns the hand that plugs and unplugs the lab's devices: commands to the process of their side.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { VirtualPrinter, VirtualPrinterOptions } from '#drivers/virtual/printer.ts';
import type { HidInterface, UsbIdentity } from '#test/lab/gadgets.ts';
import { type NodeClass, nodeGone, nodeOf } from '#test/lab/system.ts';
import type { FeatureAnswer, UhidIdentity } from '#test/lab/uhid.ts';

export type DeviceSpec =
  | {
      readonly kind: 'hid';
      readonly identity: UsbIdentity;
      readonly interfaces: readonly HidInterface[];
    }
  | { readonly kind: 'serial'; readonly identity: UsbIdentity }
  /** Null: nothing stands behind the cable; what came is kept. */
  | {
      readonly kind: 'printer';
      readonly identity: UsbIdentity;
      readonly virtual: VirtualPrinterOptions | null;
    }
  | {
      readonly kind: 'uhid';
      readonly identity: UhidIdentity;
      readonly descriptor: readonly number[];
    };

type PrinterChange = Parameters<VirtualPrinter['set']>[0];

export interface PrintedPaper {
  /** The text of each sheet that was cut off, oldest first. */
  readonly papers: readonly string[];
  readonly drawerPulses: number;
}

export type Command =
  | { readonly type: 'make'; readonly name: string; readonly spec: DeviceSpec }
  | {
      readonly type: 'plug' | 'unplug' | 'received' | 'powerCycle' | 'paper';
      readonly name: string;
    }
  | {
      readonly type: 'send';
      readonly name: string;
      readonly parts: readonly Uint8Array[];
      readonly channel: number;
    }
  | { readonly type: 'taking'; readonly name: string; readonly isTaking: boolean }
  | { readonly type: 'fault'; readonly name: string; readonly change: PrinterChange }
  | {
      readonly type: 'featureAnswer';
      readonly name: string;
      readonly answer: FeatureAnswer;
    };

export interface Request {
  readonly id: number;
  readonly command: Command;
}

export interface Answer {
  readonly id: number;
  readonly value: unknown;
  readonly error: string | null;
}

/** One device in the hand. */
export interface LabDevice {
  plug(): Promise<void>;
  unplug(): Promise<void>;
  /** Each part is one report, or one write to the wire. */
  send(parts: Uint8Array | readonly Uint8Array[], channel?: number): Promise<void>;
  /** All that the till sent since the device was plugged in. */
  received(): Promise<Uint8Array>;
  setTaking(isTaking: boolean): Promise<void>;
  fault(change: PrinterChange): Promise<void>;
  powerCycle(): Promise<void>;
  paper(): Promise<PrintedPaper>;
  setFeatureAnswer(answer: FeatureAnswer): Promise<void>;
}

export interface LabDevices {
  /** A gadget is made once a boot: a name that was made before gives the same device. */
  make(name: string, spec: DeviceSpec): Promise<LabDevice>;
  close(): void;
}

function isBytes(parts: Uint8Array | readonly Uint8Array[]): parts is Uint8Array {
  return parts instanceof Uint8Array;
}

/** Starts the process of the device's side. */
export function startLabDevices(): LabDevices {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'deviceSide.ts'), {
    serialization: 'advanced',
  });
  const made = new Map<string, LabDevice>();
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', () => {
    for (const [id, settle] of waiting) {
      settle({ id, value: null, error: 'the process of the device side ended' });
    }
  });
  function ask(command: Command): Promise<unknown> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ value, error }) => {
        if (error === null) resolve(value);
        else reject(new Error(`${command.type} ${command.name}: ${error}`));
      });
      child.send({ id, command } satisfies Request);
    });
  }
  async function tell(command: Command): Promise<void> {
    await ask(command);
  }
  return {
    async make(name, spec) {
      const before = made.get(name);
      if (before !== undefined) return before;
      await tell({ type: 'make', name, spec });
      const device: LabDevice = {
        plug: () => tell({ type: 'plug', name }),
        unplug: () => tell({ type: 'unplug', name }),
        send: (parts, channel = 0) =>
          tell({ type: 'send', name, parts: isBytes(parts) ? [parts] : parts, channel }),
        received: async () => (await ask({ type: 'received', name })) as Uint8Array,
        setTaking: (isTaking) => tell({ type: 'taking', name, isTaking }),
        fault: (change) => tell({ type: 'fault', name, change }),
        powerCycle: () => tell({ type: 'powerCycle', name }),
        paper: async () => (await ask({ type: 'paper', name })) as PrintedPaper,
        setFeatureAnswer: (answer) => tell({ type: 'featureAnswer', name, answer }),
      };
      made.set(name, device);
      return device;
    },
    close: () => child.disconnect(),
  };
}

/** Plugs the device in, and gives its node once udev has done its work on it. */
export async function plugIn(
  device: LabDevice,
  nodeClass: NodeClass,
  identity: UsbIdentity,
): Promise<string> {
  await device.plug();
  return nodeOf(nodeClass, identity);
}

/** Unplugs it, and waits until its node is gone. */
export async function pullOut(
  device: LabDevice,
  nodeClass: NodeClass,
  identity: UsbIdentity,
): Promise<void> {
  await device.unplug();
  await nodeGone(nodeClass, identity);
}
