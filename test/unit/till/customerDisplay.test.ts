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
    drop() {
      told = '';
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}

it('shows total and points, then change and balance, also after the display was gone', async () => {
  const display = await newDisplay();
  const folder = temporaryFolder();
  setUpDemo(folder, { printer: null, scanners: [], language: 'en' }, { nowMs: Date.now() });
  const till = await startTill(folder);
  onTestFinished(() => till.close());
  onTestFinished(till.attachDevices());
  await till.channel.call('session.lock', {});
  await till.channel.call('session.signIn', { pin: '9999' });
  const lineDisplay = { address: display.address, columns: 20 };
  const configuration = { scanners: [], printer: null, lineDisplay };
  expect(await till.channel.call('devices.save', { configuration })).toMatchObject({ ok: true });
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
