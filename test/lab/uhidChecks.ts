// Owns the uhid row of the lab's matrix: a scanner that is not on USB, and is slow to answer.
import assert from 'node:assert/strict';
import type { Check, Lab } from '#test/lab/check.ts';
import { hidDescriptors, scanReports } from '#test/lab/descriptors.ts';
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

async function opened(lab: Lab, answer: FeatureAnswer) {
  const spec = { kind: 'uhid', identity, descriptor: hidDescriptors.honeywell } as const;
  const device = await lab.devices.make('uhid', spec);
  lab.after(() => device.unplug());
  await device.setFeatureAnswer(answer);
  const address = 'usb:23d0:0001';
  const under = openForCheck(lab, { type: 'hid', address, commands: 'honeywell' });
  await device.plug();
  await under.ready();
  return { device, under };
}

type Opened = Awaited<ReturnType<typeof opened>>;

async function reads({ device, under }: Opened, text = GOOD): Promise<void> {
  await device.send(scanReports('honeywell', text));
  assert.equal(await under.label(), text);
}

async function comesBack({ device, under }: Opened): Promise<void> {
  await device.plug();
  await under.ready();
  await reads({ device, under });
}

export const uhidChecks: readonly Check[] = [
  {
    id: 'uhid: a scan over Bluetooth',
    async run(lab) {
      await reads(await opened(lab, 'yes'));
    },
  },
  {
    id: 'uhid: the feature report is refused',
    async run(lab) {
      await reads(await opened(lab, 'refuse'));
    },
  },
  {
    id: 'uhid: the feature report is not answered',
    async run(lab) {
      const endWatch = watchLoop();
      lab.after(() => void endWatch());
      const scanner = await opened(lab, 'nothing');
      await reads(scanner);
      await pause(UNANSWERED_MS + 1000);
      const longestMs = Math.round(endWatch());
      lab.say(`the loop stood still for ${longestMs} ms at the most`);
      assert.ok(longestMs < GAP_MS_MAX, 'the loop was blocked');
      await reads(scanner, '11111111');
    },
  },
  {
    id: 'uhid: destroyed and made again',
    async run(lab) {
      const { device, under } = await opened(lab, 'yes');
      await device.unplug();
      await under.lost();
      await comesBack({ device, under });
    },
  },
  {
    id: 'uhid: destroyed while a feature report waits for its answer',
    async run(lab) {
      const { device, under } = await opened(lab, 'nothing');
      await device.unplug();
      await under.lost();
      await device.setFeatureAnswer('yes');
      await comesBack({ device, under });
    },
  },
];
