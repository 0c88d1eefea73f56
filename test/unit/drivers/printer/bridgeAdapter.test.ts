// Goal: a shop's adapter can do the till no harm: it may throw, stay silent, or be none at all.
// Method: modules as shops write them, in files, each with one fault; escpos's own Network too.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridgeTransport } from '#drivers/printer/bridge/bridgeAdapter.ts';
import { systemTimers } from '#drivers/timers.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';

const good = 'open(done) { done() }, write(data, done) { done() }, close(done) { done() }';
const escposPath = createRequire(import.meta.url).resolve('escpos');

describe('a shop’s adapter', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'puan-adapter-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function bridgeTo(source: string) {
    const path = join(folder, 'adapter.cjs');
    await writeFile(path, source);
    const timers = createManualTimers();
    return { timers, transport: bridgeTransport(path, timers) };
  }

  async function sessionOf(source: string) {
    const { timers, transport } = await bridgeTo(source);
    const opened = await transport.connect(1000);
    if (!opened.ok) throw new Error(opened.error.detail);
    return { timers, connection: opened.value };
  }

  it('may be an object that serves one session after another', async () => {
    const { transport, timers } = await bridgeTo(`module.exports = { ${good} };`);
    for (const _session of [1, 2, 3]) {
      const opened = await transport.connect(1000);
      if (!opened.ok) throw new Error(opened.error.detail);
      expect(await opened.value.write(Uint8Array.of(1))).toBeNull();
      expect(await opened.value.end(1000)).toBeNull();
      expect(await opened.value.write(Uint8Array.of(1))).toMatchObject({ code: 'closed' });
    }
    expect(timers.pendingCount()).toBe(0);
  });

  it.each([
    ['is not there', '', 'exports no adapter'],
    ['has no close', 'module.exports = { open() {}, write() {} };', 'exports no adapter'],
    ['is no JavaScript', 'module.exports = {', 'SyntaxError'],
    [
      'throws when it is made',
      'module.exports = () => { throw new Error("no cable") };',
      'no cable',
    ],
    [
      'throws at open',
      `module.exports = { ${good}, open() { throw new Error("no cable") } };`,
      'no cable',
    ],
    [
      'refuses to open',
      `module.exports = { ${good}, open(done) { done(new Error("asleep")) } };`,
      'asleep',
    ],
    [
      'is the Network adapter of escpos',
      `module.exports = () => new (require(${JSON.stringify(escposPath)}).Network)('192.0.2.7');`,
      'tcp://HOST:PORT',
    ],
  ])('that %s is refused at the session', async (_what, source, words) => {
    const { transport, timers } = await bridgeTo(source);
    const opened = await transport.connect(1000);
    expect(opened.ok).toBe(false);
    if (!opened.ok && words !== 'SyntaxError') expect(opened.error.detail).toContain(words);
    expect(timers.pendingCount()).toBe(0);
  });

  it('that never opens is given up at the deadline', async () => {
    const { transport, timers } = await bridgeTo(`module.exports = { ${good}, open() {} };`);
    const opening = transport.connect(1000);
    await timers.advance(1000);
    expect(await opening).toMatchObject({ ok: false, error: { code: 'timeout' } });
  });

  it('that opens after the deadline is closed, but not under a later session', async () => {
    const { transport, timers } = await bridgeTo(
      `const waiting = [];
      module.exports = { opens: 0, closes: 0, waiting,
        open(done) { this.opens += 1; waiting.push(done) },
        write(data, done) { done() },
        close(done) { this.closes += 1; done() } };`,
    );
    const adapter: { waiting: (() => void)[]; closes: number } = createRequire(import.meta.url)(
      join(folder, 'adapter.cjs'),
    );
    const first = transport.connect(1000);
    await timers.advance(1000);
    expect(await first).toMatchObject({ ok: false, error: { code: 'timeout' } });
    expect(adapter.closes).toBe(1);
    adapter.waiting.shift()?.();
    await timers.advance(0);
    expect(adapter.closes).toBe(2);
    const second = transport.connect(1000);
    await timers.advance(1000);
    expect((await second).ok).toBe(false);
    const third = transport.connect(1000);
    const closes = adapter.closes;
    for (const done of adapter.waiting) done();
    expect((await third).ok).toBe(true);
    expect(adapter.closes).toBe(closes);
  });

  it.each([
    ['after its callback', 'done(); setTimeout(() => this.emit("close"), 20)', 'done()'],
    ['before the next open calls back', 'done()', 'this.emit("close"); done()'],
  ])('that says close %s does not end the next session', async (_what, close, open) => {
    const path = join(folder, 'adapter.cjs');
    await writeFile(
      path,
      `const { EventEmitter } = require('node:events');
      module.exports = Object.assign(new EventEmitter(), {
        open(done) { ${open} }, write(data, done) { setTimeout(done, 40) },
        close(done) { ${close} } });`,
    );
    const transport = bridgeTransport(path, systemTimers);
    for (const _session of [1, 2]) {
      const opened = await transport.connect(1000);
      if (!opened.ok) throw new Error(opened.error.detail);
      const losses: string[] = [];
      opened.value.onLost((error) => losses.push(error.detail));
      expect(await opened.value.write(Uint8Array.of(1))).toBeNull();
      expect(await opened.value.end(1000)).toBeNull();
      expect(losses).toEqual([]);
    }
  });

  it('that never finishes a write is given up at the end’s deadline', async () => {
    const { connection, timers } = await sessionOf(
      `module.exports = { ${good}, write() {}, close() {} };`,
    );
    const written = connection.write(Uint8Array.of(1));
    const ended = connection.end(500);
    await timers.advance(501);
    expect(await ended).toMatchObject({ code: 'timeout' });
    expect(await written).toMatchObject({ code: 'timeout' });
    expect(timers.pendingCount()).toBe(0);
  });

  it('that held the last bytes has not ended well, though it closes', async () => {
    const { connection, timers } = await sessionOf(`module.exports = { ${good}, write() {} };`);
    const written = connection.write(Uint8Array.of(1));
    const ended = connection.end(500);
    await timers.advance(501);
    expect(await ended).toMatchObject({ code: 'timeout' });
    expect(await written).toMatchObject({ code: 'timeout' });
  });

  it('that throws while it writes fails that write', async () => {
    const { connection } = await sessionOf(
      `module.exports = { ${good}, write() { throw 'stuck'; } };`,
    );
    expect(await connection.write(Uint8Array.of(1))).toEqual({ code: 'offline', detail: 'stuck' });
  });

  it.each(['error', 'close', 'disconnect', 'detach'])('that says %s is lost', async (event) => {
    const { connection } = await sessionOf(
      `const { EventEmitter } = require('node:events');
      module.exports = Object.assign(new EventEmitter(), { ${good} });
      module.exports.write = function () { this.emit(${JSON.stringify(event)}); };`,
    );
    const losses: string[] = [];
    connection.onLost((error) => losses.push(error.detail));
    expect(await connection.write(Uint8Array.of(1))).toMatchObject({ code: 'offline' });
    expect(losses).toEqual([`the adapter said ${event}`]);
  });
});
