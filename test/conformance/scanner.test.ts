// Goal: the shipped scanner driver keeps its contract on a fake port and on a real one.
// Method: one suite (scanner.ts) over ports of this process, over a pseudo-terminal that serialport
// opens, and one read by an operator where TILL_TEST_SCANNER names a device.
import { mkdtemp, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import { systemTimers } from '#drivers/timers.ts';
import { openPtyPair } from '#drivers/virtual/ptyPair.ts';
import { createFakeScanner, openPtyScanner } from '#drivers/virtual/scanner.ts';
import { describeScanner } from '#test/conformance/scanner.ts';

describeScanner('ports of this process', async () => {
  const ports = createFakePorts(systemTimers);
  const hand = createFakeScanner(ports);
  const scanner = openScanner({ ...serialScannerDefaults, address: hand.path }, undefined, {
    ...thisComputer,
    serial: ports,
  });
  return { scanner, hand, close: () => scanner.release() };
});

describeScanner('a pseudo-terminal through serialport', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'puan-scanner-'));
  const opened = await openPtyScanner(directory);
  if (!opened.ok) {
    await rm(directory, { recursive: true });
    return `no pseudo-terminal: ${opened.error.code} ${opened.error.detail}`;
  }
  const hand = opened.value;
  const scanner = openScanner({ ...serialScannerDefaults, address: hand.path, baudRate: 115_200 });
  return {
    scanner,
    hand,
    async close() {
      await scanner.release();
      await hand.close();
      await rm(directory, { recursive: true });
    },
  };
});

it('leaves no port open behind an unplug, told of it or not', async (context) => {
  if (process.platform !== 'linux') return context.skip('open files can be listed on Linux only');
  const directory = await mkdtemp(join(tmpdir(), 'puan-scanner-'));
  const opened = await openPtyScanner(directory);
  if (!opened.ok) return context.skip(`no pseudo-terminal: ${opened.error.code}`);
  const hand = opened.value;
  const terminal = await realpath(hand.path);
  const scanner = openScanner({ ...serialScannerDefaults, address: hand.path });
  await new Promise<void>((resolve) => {
    scanner.claim((event) => {
      if (event.type !== 'state') return;
      if (event.state === 'ready') void hand.send(Buffer.from('4006')).then(() => hand.unplug());
      if (event.state === 'lost') resolve();
    });
  });
  const files = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')),
  );
  expect(targets.filter((target) => target.startsWith(terminal))).toEqual([]);
  await scanner.release();
  await rm(directory, { recursive: true });
});

it('refuses a port that another program has open, and says so', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'puan-scanner-'));
  const opened = await openPtyScanner(directory);
  if (!opened.ok) return context.skip(`no pseudo-terminal: ${opened.error.code}`);
  const { path } = opened.value;
  const first = openScanner({ ...serialScannerDefaults, address: path });
  const second = openScanner({ ...serialScannerDefaults, address: path });
  await new Promise<void>((resolve) => {
    first.claim((event) => {
      if (event.type === 'state' && event.state === 'ready') resolve();
    });
  });
  const code = await new Promise((resolve) => {
    second.claim((event) => {
      if (event.type === 'state' && event.error !== null) resolve(event.error.code);
    });
  });
  expect(code).toBe('claimed-elsewhere');
  await Promise.all([first.release(), second.release(), opened.value.close()]);
  await rm(directory, { recursive: true });
});

it('makes no pair where its links cannot be', async (context) => {
  const made = await openPtyPair('/nonexistent/near', '/nonexistent/far');
  if (!made.ok && made.error.code === 'socat-missing') return context.skip('no socat');
  expect(made).toMatchObject({ ok: false, error: { code: 'socat-failed' } });
});

it('reads the device that TILL_TEST_SCANNER names', async (context) => {
  const path = process.env['TILL_TEST_SCANNER'];
  if (path === undefined) return context.skip('TILL_TEST_SCANNER names no device');
  const scanner = openScanner({ ...serialScannerDefaults, address: path });
  process.stderr.write(`scan anything with ${path} within a minute\n`);
  const label = await new Promise<string>((resolve) => {
    scanner.claim((event) => {
      if (event.type === 'data') resolve(event.event.scanDataLabel);
    });
    scanner.setDataEventEnabled(true);
  });
  await scanner.release();
  expect(label).not.toBe('');
}, 60_000);
