// Owns the uhid row of the lab's matrix: a scanner that is not on USB, and is slow to answer.
import assert from 'node:assert/strict';
import type { Check, Lab } from '#test/lab/check.ts';
import { hidDescriptors, scanReports } from '#test/lab/descriptors.ts';
import type { LabDevice } from '#test/lab/devices.ts';
import { openForCheck } from '#test/lab/scannerUnderTest.ts';
import { BLUETOOTH, type FeatureAnswer } from '#test/lab/uhid.ts';
import { pause } from '#test/lab/until.ts';
import { watchLoop } from '#test/lab/watchLoop.ts';

const GOOD = '4006381333931';
const identity = { name: 'Lab wireless', vendorId: 0x23d0, productId: 0x0001, bus: BLUETOOTH };
/** How long the kernel waits for an answer that does not come. */
const UNANSWERED_MS = 5000;
/** A blocked loop would miss five seconds; an emulated one may be late by much less. */
const GAP_MS_MAX = 2000;

let made: LabDevice | null = null;

async function opened(lab: Lab, answer: FeatureAnswer) {
  const spec = { kind: 'uhid', identity, descriptor: hidDescriptors.honeywell } as const;
  made ??= await lab.devices.make('uhid', spec);
  const device = made;
  lab.after(() => device.unplug());
  await device.setFeatureAnswer(answer);
  const under = openForCheck(lab, {
    type: 'hid',
    address: 'usb:23d0:0001',
    commands: 'honeywell',
  });
  await device.plug();
  await under.ready();
  return { device, under };
}

async function readsGood(device: LabDevice, under: { label(): Promise<string> }): Promise<void> {
  await device.send(scanReports('honeywell', GOOD));
  assert.equal(await under.label(), GOOD);
}

export const uhidChecks: readonly Check[] = [
  {
    id: 'uhid: a scan over Bluetooth',
    async run(lab) {
      const { device, under } = await opened(lab, 'yes');
      await readsGood(device, under);
    },
  },
  {
    id: 'uhid: the feature report is refused',
    async run(lab) {
      const { device, under } = await opened(lab, 'refuse');
      await readsGood(device, under);
    },
  },
  {
    id: 'uhid: the feature report is not answered',
    async run(lab) {
      const endWatch = watchLoop();
      lab.after(() => void endWatch());
      const { device, under } = await opened(lab, 'nothing');
      await readsGood(device, under);
      await pause(UNANSWERED_MS + 1000);
      const longestMs = Math.round(endWatch());
      lab.say(`the loop stood still for ${longestMs} ms at the most`);
      assert.ok(longestMs < GAP_MS_MAX, 'the loop was blocked');
      await device.send(scanReports('honeywell', '11111111'));
      assert.equal(await under.label(), '11111111');
    },
  },
  {
    id: 'uhid: destroyed and made again',
    async run(lab) {
      const { device, under } = await opened(lab, 'yes');
      await device.unplug();
      await under.lost();
      await device.plug();
      await under.ready();
      await readsGood(device, under);
    },
  },
  {
    id: 'uhid: destroyed while a feature report waits for its answer',
    async run(lab) {
      const { device, under } = await opened(lab, 'nothing');
      await device.unplug();
      await under.lost();
      await device.setFeatureAnswer('yes');
      await device.plug();
      await under.ready();
      await readsGood(device, under);
    },
  },
];
