// Owns the printer row of the lab's matrix: the shipped transport, printer and print queue on a
// real usblp node, with a virtual printer or none behind the cable.
import assert from 'node:assert/strict';
import type { POSPrinter, PrintProgress } from '#drivers/printer/printer.ts';
import { openPrinter } from '#drivers/registry.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import { type LabDevice, plugIn, pullOut } from '#test/lab/devices.ts';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { epson } from '#test/lab/identities.ts';
import {
  configurationOf,
  mute,
  printerDevice,
  sheetsFromNow,
  slowPrinter,
} from '#test/lab/labPrinter.ts';
import { queueChecks } from '#test/lab/printQueueChecks.ts';
import { nodeOf } from '#test/lab/system.ts';
import { pause, until } from '#test/lab/until.ts';
import { watchLoop } from '#test/lab/watchLoop.ts';
import { sampleReceipt } from '#test/support/receipts.ts';

const GAP_MS_MAX = 2000;

async function opened(lab: Lab, identity: UsbIdentity, profileId: string) {
  const device = await printerDevice(lab, identity, identity === epson ? slowPrinter : null);
  lab.say(await plugIn(device, 'usbmisc', identity));
  const found = openPrinter(configurationOf(identity, profileId));
  assert.ok(found.ok, found.ok ? '' : found.error.detail);
  const printer = found.value;
  lab.after(() => printer.close());
  const newSheets = await sheetsFromNow(device);
  return { device, printer, sheetCount: async () => (await newSheets()).length };
}

function print(printer: POSPrinter, outputId: number, seen: PrintProgress[] = []) {
  return printer.print(
    outputId,
    { kind: 'document', document: sampleReceipt('tr') },
    (progress) => void seen.push(progress),
    () => Promise.resolve(true),
  );
}

/** Prints, and gives the job once some of it is in the printer. */
async function beginPrinting(printer: POSPrinter, outputId: number) {
  const seen: PrintProgress[] = [];
  const last = print(printer, outputId, seen);
  await until(() => seen.some(({ state }) => state === 'sending'), 'sending');
  await pause(1000);
  return { seen, last };
}

/** Prints until the printer, which takes nothing more, has a job that waits. */
async function fillUp(device: LabDevice, printer: POSPrinter) {
  await device.setTaking(false);
  const seen: PrintProgress[] = [];
  // Larger than what the kernel takes for a printer that takes nothing (80 kB).
  const last = printMany(printer, seen);
  await until(() => seen.some(({ state }) => state === 'waiting'), 'a job that waits', 120_000);
  return { last };
}

const jobCheck: Check = {
  id: 'printer: a job, and status by DLE EOT',
  async run(lab) {
    const { device, printer, sheetCount } = await opened(lab, epson, 'epson-80');
    // Bounded by a second, in which an emulated printer may not have answered six questions.
    await until(async () => (await printer.status()).state === 'ready', 'a ready printer');
    const last = await print(printer, 1);
    assert.deepEqual(last, { state: 'confirmed', ackLevel: 'processId' });
    assert.equal(await sheetCount(), 1);
    await device.fault({ isPaperOut: true });
    await until(async () => (await printer.status()).isPaperOut, 'paper out in the status');
    assert.deepEqual(await print(printer, 2), { state: 'blocked', reason: 'paper-out' });
    await device.fault({ isPaperOut: false });
    await until(async () => (await printer.status()).isPaperOut === false, 'paper in the status');
    assert.equal(await sheetCount(), 1);
  },
};

const paperCheck: Check = {
  id: 'printer: paper ends in the middle of a job, which goes on after the refill',
  async run(lab) {
    const { device, printer, sheetCount } = await opened(lab, epson, 'epson-80');
    const { seen, last } = await beginPrinting(printer, 3);
    await device.fault({ isPaperOut: true });
    await until(() => seen.some(({ state }) => state === 'waiting'), 'waiting for paper');
    await pause(3000);
    await device.fault({ isPaperOut: false });
    assert.equal((await last).state, 'confirmed');
    assert.equal(await sheetCount(), 1);
  },
};

const lateCheck: Check = {
  id: 'printer: status answered late',
  async run(lab) {
    const { device, printer, sheetCount } = await opened(lab, epson, 'epson-80');
    await device.fault({ isLate: true });
    assert.equal((await print(printer, 4)).state, 'confirmed');
    assert.equal(await sheetCount(), 1);
    await device.fault({ isPaperOut: true });
    await until(async () => (await printer.status()).isPaperOut, 'paper out in the status');
    assert.deepEqual(await print(printer, 5), { state: 'blocked', reason: 'paper-out' });
  },
};

const resetCheck: Check = {
  id: 'printer: switched off and on in the middle of a job',
  async run(lab) {
    const { device, printer, sheetCount } = await opened(lab, epson, 'epson-80');
    const printing = await beginPrinting(printer, 6);
    await device.powerCycle();
    const last = await printing.last;
    lab.say(JSON.stringify(last));
    assert.equal(last.state, 'unknown');
    assert.equal((await print(printer, 7)).state, 'confirmed');
    assert.ok((await sheetCount()) <= 2, 'nothing came out twice');
  },
};

const blockingCheck: Check = {
  id: 'printer: takes nothing more; the loop runs on, and the end has its deadline',
  async run(lab) {
    const { device, printer } = await opened(lab, mute, 'generic-80-mute');
    const endWatch = watchLoop();
    lab.after(() => void endWatch());
    const printing = await fillUp(device, printer);
    const startedMs = performance.now();
    await printer.close();
    const closedMs = Math.round(performance.now() - startedMs);
    const longestMs = Math.round(endWatch());
    lab.say(`closed after ${closedMs} ms; the loop stood still for ${longestMs} ms at the most`);
    assert.ok(longestMs < GAP_MS_MAX, 'the loop was blocked');
    const last = await printing.last;
    assert.equal(last.state, 'unknown', JSON.stringify(last));
  },
};

/** One receipt after the other until one does not end well. */
async function printMany(printer: POSPrinter, seen: PrintProgress[]): Promise<PrintProgress> {
  for (let outputId = 1; outputId < 500; outputId += 1) {
    const last = await print(printer, outputId, seen);
    if (last.state !== 'confirmed') return last;
  }
  throw new Error('500 receipts went into a printer that takes nothing');
}

const unplugBlockedCheck: Check = {
  id: 'printer: unplugged while it takes nothing more',
  async run(lab) {
    const { device, printer } = await opened(lab, mute, 'generic-80-mute');
    const printing = await fillUp(device, printer);
    await device.unplug();
    const last = await printing.last;
    assert.equal(last.state, 'unknown', JSON.stringify(last));
    await device.setTaking(true);
    await plugIn(device, 'usbmisc', mute);
    const next = await until(async () => {
      const again = await print(printer, 900);
      return again.state === 'confirmed' ? again : null;
    }, 'a job after the replug');
    assert.equal(next.state, 'confirmed');
  },
};

const renamedCheck: Check = {
  id: 'printer: back as another node, its own taken by another printer',
  async run(lab) {
    const { device, printer, sheetCount } = await opened(lab, epson, 'epson-80');
    const other = await printerDevice(lab, mute, null);
    const before = await nodeOf('usbmisc', epson);
    await pullOut(device, 'usbmisc', epson);
    assert.equal(await plugIn(other, 'usbmisc', mute), before, 'the other printer has the name');
    assert.deepEqual(await print(printer, 8), { state: 'blocked', reason: 'offline' });
    const after = await plugIn(device, 'usbmisc', epson);
    lab.say(`${before} -> ${after}`);
    assert.notEqual(after, before);
    assert.equal((await print(printer, 9)).state, 'confirmed');
    assert.equal(await sheetCount(), 1);
    assert.equal((await other.received()).length, 0, 'nothing went to the other printer');
  },
};

export const printerChecks: readonly Check[] = [
  jobCheck,
  paperCheck,
  lateCheck,
  resetCheck,
  blockingCheck,
  unplugBlockedCheck,
  renamedCheck,
  ...queueChecks,
];
