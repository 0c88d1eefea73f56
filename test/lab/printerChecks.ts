// Owns the printer row of the lab's matrix: the shipped transport, printer and print queue on a
// real usblp node, with a virtual printer or none behind the cable.
import assert from 'node:assert/strict';
import type { POSPrinter, PrintProgress } from '#drivers/printer/printer.ts';
import { openPrinter } from '#drivers/registry.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import type { LabDevice } from '#test/lab/devices.ts';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { epson } from '#test/lab/identities.ts';
import { configurationOf, mute, printerDevice, slowPrinter } from '#test/lab/labPrinter.ts';
import { queueChecks } from '#test/lab/printQueueChecks.ts';
import { nodeGone, nodeOf } from '#test/lab/system.ts';
import { pause, until } from '#test/lab/until.ts';
import { watchLoop } from '#test/lab/watchLoop.ts';
import { sampleReceipt } from '#test/support/receipts.ts';

const GAP_MS_MAX = 2000;

async function opened(lab: Lab, identity: UsbIdentity, profileId: string) {
  const device = await printerDevice(lab, identity, identity === epson ? slowPrinter : null);
  await device.plug();
  lab.say(await nodeOf('usbmisc', identity));
  const found = openPrinter(configurationOf(identity, profileId));
  assert.ok(found.ok, found.ok ? '' : found.error.detail);
  const printer = found.value;
  lab.after(() => printer.close());
  return { device, printer };
}

function print(printer: POSPrinter, outputId: number, seen: PrintProgress[] = []) {
  return printer.print(
    outputId,
    { kind: 'document', document: sampleReceipt('tr') },
    (progress) => void seen.push(progress),
    () => Promise.resolve(true),
  );
}

/** How many sheets came out since there were `before`. */
async function sheetsSince(device: LabDevice, before: number): Promise<number> {
  return (await device.paper()).papers.length - before;
}

const jobCheck: Check = {
  id: 'printer: a job, and status by DLE EOT',
  async run(lab) {
    const { device, printer } = await opened(lab, epson, 'epson-80');
    const before = (await device.paper()).papers.length;
    // Bounded by a second, in which an emulated printer may not have answered six questions.
    await until(async () => (await printer.status()).state === 'ready', 'a ready printer');
    const last = await print(printer, 1);
    assert.deepEqual(last, { state: 'confirmed', ackLevel: 'processId' });
    assert.equal(await sheetsSince(device, before), 1);
    await device.fault({ isPaperOut: true });
    await until(async () => (await printer.status()).isPaperOut, 'paper out in the status');
    assert.deepEqual(await print(printer, 2), { state: 'blocked', reason: 'paper-out' });
    await device.fault({ isPaperOut: false });
    await until(async () => (await printer.status()).isPaperOut === false, 'paper in the status');
    assert.equal(await sheetsSince(device, before), 1);
  },
};

const paperCheck: Check = {
  id: 'printer: paper ends in the middle of a job, which goes on after the refill',
  async run(lab) {
    const { device, printer } = await opened(lab, epson, 'epson-80');
    const before = (await device.paper()).papers.length;
    const seen: PrintProgress[] = [];
    const printing = print(printer, 3, seen);
    await until(() => seen.some(({ state }) => state === 'sending'), 'sending');
    await pause(1000);
    await device.fault({ isPaperOut: true });
    await until(() => seen.some(({ state }) => state === 'waiting'), 'waiting for paper');
    await pause(3000);
    await device.fault({ isPaperOut: false });
    assert.equal((await printing).state, 'confirmed');
    assert.equal(await sheetsSince(device, before), 1);
  },
};

const lateCheck: Check = {
  id: 'printer: status answered late',
  async run(lab) {
    const { device, printer } = await opened(lab, epson, 'epson-80');
    const before = (await device.paper()).papers.length;
    await device.fault({ isLate: true });
    assert.equal((await print(printer, 4)).state, 'confirmed');
    assert.equal(await sheetsSince(device, before), 1);
    await device.fault({ isPaperOut: true });
    await until(async () => (await printer.status()).isPaperOut, 'paper out in the status');
    assert.deepEqual(await print(printer, 5), { state: 'blocked', reason: 'paper-out' });
  },
};

const resetCheck: Check = {
  id: 'printer: switched off and on in the middle of a job',
  async run(lab) {
    const { device, printer } = await opened(lab, epson, 'epson-80');
    const before = (await device.paper()).papers.length;
    const seen: PrintProgress[] = [];
    const printing = print(printer, 6, seen);
    await until(() => seen.some(({ state }) => state === 'sending'), 'sending');
    await pause(1000);
    await device.powerCycle();
    const last = await printing;
    lab.say(JSON.stringify(last));
    assert.equal(last.state, 'unknown');
    assert.equal((await print(printer, 7)).state, 'confirmed');
    assert.ok((await sheetsSince(device, before)) <= 2, 'nothing came out twice');
  },
};

const blockingCheck: Check = {
  id: 'printer: takes nothing more; the loop runs on, and the end has its deadline',
  async run(lab) {
    const { device, printer } = await opened(lab, mute, 'generic-80-mute');
    const endWatch = watchLoop();
    lab.after(() => void endWatch());
    await device.setTaking(false);
    const seen: PrintProgress[] = [];
    // Larger than what the kernel takes for a printer that takes nothing (80 kB).
    const printing = printMany(printer, seen);
    await until(() => seen.some(({ state }) => state === 'waiting'), 'a job that waits', 120_000);
    const startedMs = performance.now();
    await printer.close();
    const closedMs = Math.round(performance.now() - startedMs);
    const longestMs = Math.round(endWatch());
    lab.say(`closed after ${closedMs} ms; the loop stood still for ${longestMs} ms at the most`);
    assert.ok(longestMs < GAP_MS_MAX, 'the loop was blocked');
    const last = await printing;
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
    await device.setTaking(false);
    const seen: PrintProgress[] = [];
    const printing = printMany(printer, seen);
    await until(() => seen.some(({ state }) => state === 'waiting'), 'a job that waits', 120_000);
    await device.unplug();
    const last = await printing;
    assert.equal(last.state, 'unknown', JSON.stringify(last));
    await device.setTaking(true);
    await device.plug();
    await nodeOf('usbmisc', mute);
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
    const { device, printer } = await opened(lab, epson, 'epson-80');
    const other = await printerDevice(lab, mute, null);
    const sheets = (await device.paper()).papers.length;
    const before = await nodeOf('usbmisc', epson);
    await device.unplug();
    await nodeGone('usbmisc', epson);
    await other.plug();
    assert.equal(await nodeOf('usbmisc', mute), before, 'the other printer has the name');
    assert.deepEqual(await print(printer, 8), { state: 'blocked', reason: 'offline' });
    await device.plug();
    const after = await nodeOf('usbmisc', epson);
    lab.say(`${before} -> ${after}`);
    assert.notEqual(after, before);
    assert.equal((await print(printer, 9)).state, 'confirmed');
    assert.equal(await sheetsSince(device, sheets), 1);
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
