// Owns HID devices through /dev/uhid: no USB underneath, the bus is what we say. Runs in the lab's
// guest, in the process of the device's side only. Structures: linux/uhid.h of Linux 6.1.
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { DeviceSide } from '#test/lab/gadgets.ts';

const DESTROY = 1;
const OUTPUT = 6;
const GET_REPORT = 9;
const GET_REPORT_REPLY = 10;
const CREATE2 = 11;
const INPUT2 = 12;
const SET_REPORT = 13;
const SET_REPORT_REPLY = 14;

const TYPE_BYTES = 4;
const NAME_BYTES = 128 + 64 + 64;
const DATA_BYTES = 4096;
const EIO = 5;
const POLL_MS = 5;
export const BLUETOOTH = 5;

/** What the device says to a feature report; `nothing` keeps the kernel waiting for 5 s. */
export type FeatureAnswer = 'yes' | 'refuse' | 'nothing';

export interface UhidIdentity {
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly bus: number;
}

export interface UhidDevice extends DeviceSide {
  setFeatureAnswer(answer: FeatureAnswer): void;
}

function createEvent(identity: UhidIdentity, descriptor: readonly number[]): Uint8Array {
  const head = TYPE_BYTES + NAME_BYTES;
  const event = Buffer.alloc(head + 20 + DATA_BYTES);
  event.writeUInt32LE(CREATE2, 0);
  event.write(identity.name, TYPE_BYTES);
  event.writeUInt16LE(descriptor.length, head);
  event.writeUInt16LE(identity.bus, head + 2);
  event.writeUInt32LE(identity.vendorId, head + 4);
  event.writeUInt32LE(identity.productId, head + 8);
  event.set(descriptor, head + 20);
  return event;
}

export function uhidDevice(identity: UhidIdentity, descriptor: readonly number[]): UhidDevice {
  const event = Buffer.alloc(TYPE_BYTES + NAME_BYTES + 20 + DATA_BYTES);
  const got: Buffer[] = [];
  let open: { readonly file: number; readonly timer: NodeJS.Timeout } | null = null;
  let answer: FeatureAnswer = 'yes';

  function reply(file: number, type: number): void {
    if (answer === 'nothing') return;
    const isGet = type === GET_REPORT;
    const message = Buffer.alloc(isGet ? TYPE_BYTES + 8 + DATA_BYTES : TYPE_BYTES + 6);
    message.writeUInt32LE(isGet ? GET_REPORT_REPLY : SET_REPORT_REPLY, 0);
    event.copy(message, TYPE_BYTES, TYPE_BYTES, TYPE_BYTES + 4);
    message.writeUInt16LE(answer === 'refuse' ? EIO : 0, TYPE_BYTES + 4);
    writeSync(file, message);
  }
  function obey(file: number): void {
    const type = event.readUInt32LE(0);
    if (type === OUTPUT) {
      const size = event.readUInt16LE(TYPE_BYTES + DATA_BYTES);
      got.push(Buffer.from(event.subarray(TYPE_BYTES, TYPE_BYTES + size)));
    } else if (type === SET_REPORT) {
      const size = event.readUInt16LE(TYPE_BYTES + 6);
      got.push(Buffer.from(event.subarray(TYPE_BYTES + 8, TYPE_BYTES + 8 + size)));
    }
    if (type === SET_REPORT || type === GET_REPORT) reply(file, type);
  }
  function poll(file: number): void {
    for (;;) {
      try {
        if (readSync(file, event) === 0) return;
      } catch {
        // Nothing waits.
        return;
      }
      obey(file);
    }
  }
  return {
    plug() {
      got.length = 0;
      const file = openSync('/dev/uhid', constants.O_RDWR | constants.O_NONBLOCK);
      writeSync(file, createEvent(identity, descriptor));
      open = { file, timer: setInterval(() => poll(file), POLL_MS) };
    },
    unplug() {
      if (open === null) return;
      clearInterval(open.timer);
      const message = Buffer.alloc(TYPE_BYTES);
      message.writeUInt32LE(DESTROY, 0);
      writeSync(open.file, message);
      closeSync(open.file);
      open = null;
    },
    send(bytes) {
      if (open === null) throw new Error('a device that is not there sends nothing');
      const message = Buffer.alloc(TYPE_BYTES + 2 + bytes.length);
      message.writeUInt32LE(INPUT2, 0);
      message.writeUInt16LE(bytes.length, TYPE_BYTES);
      message.set(bytes, TYPE_BYTES + 2);
      writeSync(open.file, message);
      return Promise.resolve();
    },
    received: () => Buffer.concat(got),
    setFeatureAnswer(next) {
      answer = next;
    },
  };
}
