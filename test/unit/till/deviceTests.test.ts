// Goal: what is tested on the device screen leaves its record, tells the truth, and shows nothing
// to whoever is not signed in. Method: a real core; the test plays the devices process.
import { describe, expect, it } from 'vitest';
import { startTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import type { DevicesView } from '#till/contract.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import type { Shop } from '#till/shop.ts';
import { demoProducts } from '#tools/demoShop.ts';

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
  const views: DevicesView[] = [];
  channel.on('devices.changed', (view) => views.push(view));
  return { till, channel, told, openings, say, views };
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

const CARD = '2990000000019';
const DEVICE_ID = 'hid:usb:0c2e:1007:1';

function traceOf(label: string): DevicesToCore {
  const bytes = new TextEncoder().encode(label);
  const trace = { deviceId: DEVICE_ID, bytes, byteCount: bytes.length, durationMs: 1 };
  return { type: 'scanner.traced', trace: { ...trace, ending: 'none' } };
}

describe('the live reads', () => {
  it('go to no page while nobody is signed in, and none is kept for the next', async () => {
    const { channel, say, views } = await newTill();
    await channel.call('devices.watch', { takesScans: true });
    await say(traceOf(CARD));
    expect(views.at(-1)?.reads).toHaveLength(1);
    await channel.call('session.lock', {});
    views.length = 0;
    await say(traceOf(CARD));
    await say({ type: 'scanner.suppressed', deviceId: DEVICE_ID });
    expect(views).toEqual([]);
    await channel.call('session.signIn', { pin: '1111' });
    const watched = await channel.call('devices.watch', { takesScans: false });
    expect(watched).toMatchObject({ ok: true, value: { reads: [] } });
  });

  it('are not kept for who signs in over another operator', async () => {
    const { channel, say } = await newTill();
    await channel.call('devices.watch', { takesScans: true });
    await say(traceOf(CARD));
    await channel.call('session.signIn', { pin: '1111' });
    const watched = await channel.call('devices.watch', { takesScans: false });
    expect(watched).toMatchObject({ ok: true, value: { reads: [] } });
  });

  it('go with the watch that they were made in, also one that comes late', async () => {
    const { channel, say, views } = await newTill();
    await channel.call('devices.watch', { takesScans: true });
    await say(traceOf(CARD));
    await channel.call('scan.submit', { scanData: CARD });
    await channel.call('devices.endWatch', {});
    views.length = 0;
    await say(traceOf(CARD));
    expect(views).toEqual([]);
    const watched = await channel.call('devices.watch', { takesScans: false });
    expect(watched).toMatchObject({ ok: true, value: { reads: [] } });
  });
});

describe('the beep of a scanner', () => {
  it.each([
    [demoProducts[0]?.barcode ?? '', 'good'],
    ['4006381333931', 'bad'],
  ] as const)('says of %s the same in a test as in a sale: %s', async (label, outcome) => {
    const { channel, told, say } = await newTill();
    const event = { deviceId: DEVICE_ID, scanData: label, scanDataLabel: label, readAtMs: 0 };
    const beeps = () => told.filter(({ type }) => type === 'scanner.feedback');
    const beep = { type: 'scanner.feedback', deviceId: DEVICE_ID, outcome };
    await say({ type: 'scanner.data', event: { ...event, scanDataType: ']E0' } });
    await channel.call('devices.watch', { takesScans: true });
    await say({ type: 'scanner.data', event: { ...event, scanDataType: ']E0' } });
    expect(beeps()).toEqual([beep, beep]);
  });
});

describe('a question without an answer', () => {
  it('says that a list could not be searched, until the next search', async () => {
    const { channel, say, views } = await newTill();
    await channel.call('devices.watch', { takesScans: false });
    await channel.call('devices.find', {});
    await say({ type: 'found', devices: [], detail: 'no udevadm' });
    const problem = { key: 'devices.findProblem', args: {} };
    expect(views.at(-1)).toMatchObject({ found: [], isFinding: false, findProblem: problem });
    await channel.call('devices.find', {});
    await say({ type: 'found', devices: [], detail: null });
    expect(views.at(-1)).toMatchObject({ found: [], findProblem: null });
  });

  it('says that the printer did not answer, of this printer only', async () => {
    const { channel, say, views } = await newTill();
    await channel.call('session.lock', {});
    await channel.call('session.signIn', { pin: '9999' });
    await channel.call('devices.watch', { takesScans: false });
    await channel.call('devices.probe', {});
    await say({ type: 'printer.probed', capabilities: null });
    const problem = { key: 'devices.probeProblem', args: {} };
    expect(views.at(-1)).toMatchObject({ isProbing: false, probeProblem: problem });
    const printer = { ...somePrinter, address: 'tcp://192.0.2.8:9100', capabilities: null };
    const configuration = { scanners: [], printer, lineDisplay: null };
    await channel.call('devices.save', { configuration });
    expect(views.at(-1)).toMatchObject({ probeProblem: null });
  });

  it('is told where the devices process went away with it', async () => {
    const { till, channel, views } = await newTill();
    await channel.call('devices.watch', { takesScans: false });
    await channel.call('devices.find', {});
    till.joinAsDevices();
    await channel.call('devices.watch', { takesScans: false });
    await channel.call('devices.find', {});
    expect(views.at(-1)).toMatchObject({ isFinding: true, findProblem: null });
    till.joinAsDevices();
    const watched = await channel.call('devices.watch', { takesScans: false });
    const findProblem = { key: 'devices.findProblem' };
    expect(watched).toMatchObject({ value: { isFinding: false, findProblem } });
  });
});
