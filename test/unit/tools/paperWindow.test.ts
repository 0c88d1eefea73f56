// Goal: the demo's second window shows paper line by line and works the printer, for its own page
// only. Method: a real printer and server on loopback, asked as the page asks; then Chromium.
import { existsSync } from 'node:fs';
import net from 'node:net';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';
import { startPaperWindow } from '#tools/paperWindow.ts';

const CHROMIUM = '/usr/bin/chromium';

async function open() {
  const printer = await startVirtualPrinter({});
  onTestFinished(() => printer.close());
  const window = await startPaperWindow(printer);
  onTestFinished(() => window.close());
  const { origin, hash } = new URL(window.address);
  const token = hash.slice('#token='.length);
  const ask = (path: string, body: object, changes: Readonly<Record<string, string>> = {}) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { origin, authorization: `Bearer ${token}`, ...changes },
      body: JSON.stringify(body),
    });
  const socket = net.connect(printer.port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return { printer, window, origin, token, ask, print: (text: string) => socket.write(text) };
}

describe('the window with the paper', () => {
  it('tells each line when it is there, and what the hand did', async () => {
    const { printer, ask, print } = await open();
    const first = (await (await ask('/paper', { after: -1 })).json()) as { revision: number };
    const next = ask('/paper', { after: first.revision });
    print('Hello\n');
    expect(await (await next).json()).toMatchObject({ hand: { isPaperOut: false } });
    await expect
      .poll(async () => await (await ask('/paper', { after: -1 })).json())
      .toMatchObject({ text: 'Hello\n', svg: expect.stringContaining('Hello') });
    expect((await ask('/hand', { name: 'isCoverOpen', isOn: true })).status).toBe(200);
    expect(printer.conditions.isCoverOpen).toBe(true);
    expect((await ask('/hand', { name: 'isOff', isOn: true })).status).toBe(200);
    expect(await (await ask('/paper', { after: -1 })).json()).toMatchObject({
      hand: { isPaperOut: false, isCoverOpen: true, isOff: true },
    });
  });

  it('refuses other origins, names and tokens, and anything it does not know', async () => {
    const { printer, origin, ask } = await open();
    const hand = { name: 'isPaperOut', isOn: true };
    expect((await ask('/hand', hand, { authorization: 'Bearer x' })).status).toBe(401);
    expect((await ask('/hand', hand, { authorization: '' })).status).toBe(401);
    expect((await ask('/hand', hand, { origin: 'http://elsewhere.example' })).status).toBe(403);
    expect((await ask('/hand', { name: 'isDrawerOpen', isOn: true })).status).toBe(404);
    expect((await ask('/hand', { name: 'x'.repeat(2_000), isOn: true })).status).toBe(400);
    expect((await fetch(`${origin}/hand`)).status).toBe(405);
    expect(printer.conditions.isPaperOut).toBe(false);
    const page = await fetch(origin);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { port } = new URL(origin);
    const reply = await new Promise<string>((resolve) => {
      const socket = net.connect(Number(port), '127.0.0.1');
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.write('GET / HTTP/1.1\r\nHost: till.example\r\n\r\n');
    });
    expect(reply).toMatch(/^HTTP\/1.1 421 /);
  });

  it('goes on when a page goes away in the middle of what it says', async () => {
    const { origin, token, ask } = await open();
    const { port, host } = new URL(origin);
    const page = net.connect(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => page.once('close', resolve));
    page.write(
      `POST /hand HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n{"name"`,
      () => page.end(),
    );
    page.resume();
    await closed;
    expect((await ask('/paper', { after: -1 })).status).toBe(200);
  });

  it('shows it in a browser', async (context) => {
    if (!existsSync(CHROMIUM)) return context.skip(`${CHROMIUM} is missing`);
    const { printer, window, print } = await open();
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
    });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(window.address);
    print('Paper for all to see\n');
    const paper = page.locator('#paper');
    await expect.poll(() => paper.getAttribute('alt')).toContain('Paper for all to see');
    await page.getByRole('button', { name: 'Paper out' }).click();
    await expect.poll(() => printer.conditions.isPaperOut).toBe(true);
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Paper out');
    expect(complaints).toEqual([]);
  }, 60_000);
});
