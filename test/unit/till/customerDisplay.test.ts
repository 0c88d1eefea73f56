// Goal: the customer reads total and points while they grow, and a display that fails holds nobody
// up. Method: a real core and device host; the display is a socket of the test.
import net, { type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { demoMembers, demoProducts } from '#tools/demoShop.ts';

/** What the display was told so far, and a wait for more of it. */
async function newDisplay() {
  let told = '';
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      told += chunk.toString('latin1');
      for (const one of waiting) if (told.includes(one.text)) one.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said: () => told,
    until: (text: string) =>
      new Promise<void>((resolve) => {
        if (told.includes(text)) resolve();
        else waiting.push({ text, resolve });
      }),
    forget() {
      told = '';
    },
    drop() {
      told = '';
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}

async function newTillForManager() {
  const folder = temporaryFolder();
  setUpDemo(folder, { printer: null, scanners: [], language: 'en' }, { nowMs: Date.now() });
  const till = await startTill(folder);
  onTestFinished(() => till.close());
  onTestFinished(till.attachDevices());
  await till.channel.call('session.lock', {});
  await till.channel.call('session.signIn', { pin: '9999' });
  const choose = (address: string) => {
    const lineDisplay = { address, columns: 20 };
    const configuration = { scanners: [], printer: null, lineDisplay };
    return till.channel.call('devices.save', { configuration });
  };
  return { till, choose };
}

it('shows total and points, then change and balance, also after the display was gone', async () => {
  const display = await newDisplay();
  const { till, choose } = await newTillForManager();
  expect(await choose(display.address)).toMatchObject({ ok: true });
  // `ESC @` and `CLR` come before the first rows.
  await display.until('\x1b@\x0c');
  const [product] = demoProducts;
  await till.fill(demoMembers[0]?.cardNumber ?? '', [product?.sku ?? '']);
  const { basket } = await till.until((now) => now.basket.lineCount === 1);
  await display.until(`Points +${basket.earnedPoints}`);
  expect(display.said()).toMatch(/Total .*\d/);
  display.drop();
  await till.fill(null, [product?.sku ?? '']);
  await till.pay();
  await display.until('Balance ');
  expect(display.said()).toContain('Change ');
});

it('is set up: a wrong address is refused, a dead one told, and a test text is seen', async () => {
  const { till, choose } = await newTillForManager();
  const view = async () => {
    const watched = await till.channel.call('devices.watch', { takesScans: false });
    return watched.ok ? watched.value.display : null;
  };
  expect(await view()).toEqual({ state: 'none', problem: null });
  for (const wrong of ['/dev/ttyUSB1', 'tcp:///dev/ttyUSB1', 'localhost:9100']) {
    expect(await choose(wrong)).toMatchObject({ ok: false, error: { code: 'address-invalid' } });
  }
  expect(await view()).toEqual({ state: 'none', problem: null });
  await choose('tcp://127.0.0.1:1');
  const isDead = { state: 'absent', problem: { key: 'device.unreachable', args: {} } };
  await expect.poll(view).toEqual(isDead);
  const display = await newDisplay();
  await choose(display.address);
  await expect.poll(view).toEqual({ state: 'ready', problem: null });
  const { workstation } = await till.snapshot();
  await display.until(workstation.storeName);
  expect(await till.channel.call('devices.test', { test: 'display' })).toMatchObject({ ok: true });
  await display.until('Customer display');
  await display.until('12345678901234567890');
  display.forget();
  await till.channel.call('devices.endWatch', {});
  await display.until(workstation.storeName);
});
