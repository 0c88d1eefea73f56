// Goal: what is tested on the device screen leaves its record, tells the truth, and shows nothing
// to whoever is not signed in. Method: a real core; the test plays the devices process.
import { describe, expect, it } from 'vitest';
import { startTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import type { Shop } from '#till/shop.ts';

const somePrinter = { address: 'tcp://192.0.2.7:9100', profileId: 'epson-80' };

/** A till whose devices say what the test makes them say; `told` is what they were told. */
async function newTill(printer: Shop['printer'] = somePrinter) {
  const folder = temporaryFolder();
  setUpDemo(folder, { printer, scanners: [] }, { nowMs: Date.now() });
  const till = await startTill(folder);
  const end = till.joinAsDevices();
  const told: CoreToDevices[] = [];
  end.onMessage((message) => told.push(message));
  const { channel } = till;
  const openings = async () => {
    const report = await channel.call('report.day', {});
    return report.ok ? report.value.drawerOpenedCount : null;
  };
  const say = async (message: DevicesToCore) => {
    end.post(message);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { till, channel, told, openings, say };
}

describe('the drawer test', () => {
  it('is written down as an opening of the drawer, and no other test is', async () => {
    const { channel, told, openings, say } = await newTill();
    await channel.call('devices.test', { test: 'cut' });
    const progress = { state: 'confirmed', ackLevel: 'gsR' } as const;
    await say({ type: 'printer.tested', test: 'cut', progress });
    expect(await openings()).toBe(0);
    expect(await channel.call('devices.test', { test: 'drawer' })).toMatchObject({ ok: true });
    expect(told).toContainEqual({ type: 'printer.test', test: 'drawer' });
    expect(await openings()).toBe(1);
    expect(await channel.call('devices.test', { test: 'drawer' })).toMatchObject({
      error: { code: 'busy' },
    });
    expect(await openings()).toBe(1);
  });

  it('writes nothing down where no printer could open it', async () => {
    const { channel, openings } = await newTill(null);
    expect(await channel.call('devices.test', { test: 'drawer' })).toMatchObject({
      error: { code: 'devices-unavailable' },
    });
    expect(await openings()).toBe(0);
  });
});
