// Goal: the page keeps nothing of one operator for the next. Method: the page's own state, given
// snapshots as the till sends them.
import { expect, it } from 'vitest';
import { change, page, takeSnapshot } from '#renderer/state/store.ts';
import { devices } from '#test/support/fakeDevices.ts';
import { startTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

it('forgets the reads of a scanner test when the till is locked', async () => {
  const folder = temporaryFolder();
  setUpDemo(folder, {}, { nowMs: Date.now() });
  const till = await startTill(folder);
  takeSnapshot(await till.snapshot());
  change({ devices });
  takeSnapshot(await till.snapshot());
  expect(page().devices).toBe(devices);
  await till.channel.call('session.lock', {});
  takeSnapshot(await till.snapshot());
  expect(page().devices).toBeNull();
});
