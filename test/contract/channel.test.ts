// Goal: a page gets the contract and nothing else, over every transport alike.
// Method: one suite over an in-process channel and over the real loopback WebSocket.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { success } from '#loyalty/result.ts';
import { type Channel, ChannelClosed, connect, type ToPage, type ToTill } from '#till/channel.ts';
import { CONTRACT_VERSION, type Permission, type SessionSnapshot } from '#till/contract.ts';
import type { MessageEnd } from '#till/deviceContract.ts';
import { type Loopback, startLoopback } from '#till/loopback.ts';
import { inProcessPair } from '#till/messageEnds.ts';
import { type Handlers, IN_FLIGHT_MAX, MESSAGE_BYTES_MAX, serve } from '#till/serve.ts';

let role: Permission = 'anyone';
let publish: (snapshot: SessionSnapshot) => void = () => {};
let release: () => void = () => {};

/** A till that does nothing but answer: what is tested is what stands before it. */
const handlers = new Proxy({} as Handlers, {
  get: (_target, name) => {
    if (name === 'basket.cancel') {
      return () =>
        new Promise((resolve) => {
          release = () => resolve(success({}));
        });
    }
    return (input: unknown) => success(name === 'catalogue.search' ? { items: [] } : { input });
  },
});

function attach(end: MessageEnd<ToPage, ToTill>): void {
  serve(end, {
    handlers,
    role: () => role,
    onDevices: () => () => {},
    onChange: (listener) => {
      publish = listener;
      return () => {
        publish = () => {};
      };
    },
  });
}

function clientEnd(socket: WebSocket): MessageEnd<ToTill, ToPage> {
  return {
    post: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) =>
      void socket.on('message', (data) => listener(JSON.parse(String(data)) as ToPage)),
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  };
}

let loopback: Loopback;
const token = randomBytes(32).toString('hex');

beforeAll(async () => {
  // This folder holds no page: whatever is asked for beside one must not be found.
  const pageFolder = import.meta.dirname;
  loopback = await startLoopback({ pageFolder, port: 0, token, attachPage: attach });
});
afterAll(() => loopback.close());

function openSocket(options: { token?: string; origin?: string; host?: string } = {}) {
  return new WebSocket(`ws://127.0.0.1:${loopback.port}/`, ['puan', options.token ?? token], {
    origin: options.origin ?? `http://127.0.0.1:${loopback.port}`,
    headers: options.host === undefined ? {} : { Host: options.host },
  });
}

function refusalOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => reject(new Error('the socket was opened')));
    socket.on('error', () => {});
  });
}

const transports: Readonly<Record<string, () => Promise<MessageEnd<ToTill, ToPage>>>> = {
  'in process': async () => {
    const [page, till] = inProcessPair<ToTill, ToPage>();
    attach(till);
    return page;
  },
  'loopback WebSocket': async () => {
    const socket = openSocket();
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    return clientEnd(socket);
  },
};

describe.each(Object.keys(transports))('the contract over %s', (name) => {
  async function open(): Promise<Channel> {
    const end = await transports[name]?.();
    if (end === undefined) throw new Error(`no transport ${name}`);
    const connected = await connect(end, CONTRACT_VERSION);
    if (!connected.ok) throw new Error(connected.error.code);
    return connected.value;
  }
  const callAny = (channel: Channel, method: string, input: unknown) =>
    channel.call(method as 'session.get', input as Record<string, never>);

  it('refuses names that are no methods, whatever object they come from', async () => {
    const channel = await open();
    for (const method of ['constructor', '__proto__', 'toString', 'session.sudo', '']) {
      expect(await callAny(channel, method, {})).toMatchObject({
        ok: false,
        error: { code: 'unknown-method' },
      });
    }
    channel.close();
  });

  it('refuses input that the schema does not know, fractional money first', async () => {
    role = 'cashier';
    const channel = await open();
    for (const input of [
      { amountMinor: 1.5, name: '' },
      { amountMinor: -1, name: '' },
      { amountMinor: 100, name: '', extra: true },
      { amountMinor: '100', name: '' },
      null,
    ]) {
      expect(await callAny(channel, 'basket.addAmount', input)).toMatchObject({
        ok: false,
        error: { code: 'invalid-request' },
      });
    }
    channel.close();
  });

  it('checks the role for each method, not the page', async () => {
    const channel = await open();
    role = 'anyone';
    expect(await channel.call('member.remove', {})).toMatchObject({
      error: { code: 'operator-required' },
    });
    role = 'cashier';
    const closing = { businessDay: '2026-11-27' };
    expect(await channel.call('report.closeDay', closing)).toMatchObject({
      error: { code: 'manager-required' },
    });
    // A manager's draft may stand in the page while a cashier sells.
    expect(await channel.call('receipt.saveTemplate', { text: 'x' })).toMatchObject({
      error: { code: 'manager-required' },
    });
    role = 'manager';
    expect(await channel.call('report.closeDay', closing)).toMatchObject({ ok: true });
    channel.close();
  });

  it('tells a page of another version so, and gives it nothing else', async () => {
    const end = await transports[name]?.();
    if (end === undefined) throw new Error(`no transport ${name}`);
    const connected = await connect(end, CONTRACT_VERSION + 1);
    expect(connected).toEqual({ ok: false, error: { code: 'version-mismatch' } });
    end.close();
  });

  it('sends events, and settles every pending call when the channel dies', async () => {
    role = 'cashier';
    const channel = await open();
    const seen = new Promise((resolve) => channel.on('session.changed', resolve));
    publish({ revision: 7 } as SessionSnapshot);
    expect(await seen).toMatchObject({ revision: 7 });
    const pending = channel.call('basket.cancel', {});
    channel.close();
    await expect(pending).rejects.toBeInstanceOf(ChannelClosed);
    await expect(channel.call('session.get', {})).rejects.toBeInstanceOf(ChannelClosed);
    release();
  });

  it('closes on a flood and on a message that is too large', async () => {
    role = 'cashier';
    const flooded = await open();
    const calls = Array.from({ length: IN_FLIGHT_MAX + 1 }, () =>
      flooded.call('basket.cancel', {}),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    const large = await open();
    const scanData = 'x'.repeat(MESSAGE_BYTES_MAX);
    await expect(large.call('scan.submit', { scanData })).rejects.toBeInstanceOf(ChannelClosed);
  });
});

describe('the loopback server', () => {
  it('opens no WebSocket for a foreign origin, host or token', async () => {
    expect(await refusalOf(openSocket({ origin: 'http://evil.example' }))).toBe(403);
    expect(await refusalOf(openSocket({ host: `evil.example:${loopback.port}` }))).toBe(421);
    expect(await refusalOf(openSocket({ token: 'guess' }))).toBe(401);
  });

  it('serves files of the page only, with strict headers', async () => {
    const get = (path: string, host = `127.0.0.1:${loopback.port}`) =>
      new Promise<http.IncomingMessage>((resolve, reject) => {
        const options = { port: loopback.port, host: '127.0.0.1', path, headers: { Host: host } };
        http.get(options, resolve).on('error', reject);
      });
    expect((await get('/', 'evil.example')).statusCode).toBe(421);
    expect((await get('/../../package.json')).statusCode).toBe(404);
    expect((await get('/%2e%2e/%2e%2e/package.json')).statusCode).toBe(404);
    expect((await get('/channel.test.ts')).statusCode).toBe(404);
    expect((await get('/%00')).statusCode).toBe(400);
    // Any page may ask these of this machine; each once ended the till.
    for (const path of ['//', 'http://[']) expect((await get(path)).statusCode).toBe(400);
    expect((await get('/nothing.js')).headers['x-content-type-options']).toBe('nosniff');
  });
});
