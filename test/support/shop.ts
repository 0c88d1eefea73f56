// Owns a whole shop for tests: a real head office on loopback, and tills that a test drives as
// their pages do.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { LogLine } from '#drivers/printer/bridge/blockFile.ts';
import { assert } from '#loyalty/assert.ts';
import { DEMO_PROGRAMME, setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { type Channel, connect, type ToPage, type ToTill } from '#till/channel.ts';
import { CONTRACT_VERSION, type SessionSnapshot } from '#till/contract.ts';
import { startCore } from '#till/core.ts';
import type { CoreToDevices, DevicesToCore, MessageEnd } from '#till/deviceContract.ts';
import { startDeviceHost } from '#till/deviceHost.ts';
import { inProcessPair } from '#till/messageEnds.ts';
import type { Shop } from '#till/shop.ts';
import { seedHeadOffice } from '#tools/demoHeadOffice.ts';
import { type HeadOffice, startHeadOffice } from '#upstream/server.ts';

export interface TestHeadOffice {
  /** The address that tills are given; it stays when head office is stopped and started again. */
  readonly url: string;
  office(): HeadOffice;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Adds a till and gives its token. */
  addTill(tillId: string): Promise<string>;
}

/** A head office with the demo's members; it can go away and come back at the same address. */
export async function newHeadOffice(): Promise<TestHeadOffice> {
  const databasePath = path.join(temporaryFolder(), 'head-office.sqlite');
  const open = (port: number) =>
    startHeadOffice({
      databasePath,
      port,
      host: '127.0.0.1',
      nowMs: () => Date.now(),
      log: () => {},
    });
  let office: HeadOffice | null = await open(0);
  const { url } = office;
  const port = Number(new URL(url).port);
  const nowMs = Date.now();
  await seedHeadOffice(office.store, { tillId: 'seed', programmeText: DEMO_PROGRAMME, nowMs });
  onTestFinished(() => office?.close());
  const current = (): HeadOffice => {
    assert(office !== null, 'head office runs');
    return office;
  };
  return {
    url,
    office: current,
    async stop() {
      await office?.close();
      office = null;
    },
    async start() {
      office = await open(port);
    },
    async addTill(tillId) {
      const token = await current().store.addTill(tillId, Date.now());
      assert(token !== null, 'the till is new');
      return token;
    },
  };
}

export interface TestTill {
  readonly dataFolder: string;
  readonly channel: Channel;
  snapshot(): Promise<SessionSnapshot>;
  until(isWanted: (snapshot: SessionSnapshot) => boolean): Promise<SessionSnapshot>;
  /** Scans a member card and adds the products, one each. */
  fill(card: string | null, skus: readonly string[]): Promise<void>;
  /** Pays what is due, in cash when nothing is named; with cash the drawer opens. */
  pay(tenderType?: 'cash' | 'card'): Promise<void>;
  /** Joins devices as their own process would be; the answer takes them away again. */
  attachDevices(log?: LogLine): () => void;
  /** The devices' end of core for a test that plays the devices itself. */
  joinAsDevices(): MessageEnd<DevicesToCore, CoreToDevices>;
  close(): Promise<void>;
}

/** Starts core on a folder that was set up and signs the cashier in. */
export async function startTill(
  dataFolder: string,
  options: {
    readonly fetch?: typeof globalThis.fetch;
    readonly nowMs?: () => number;
  } = {},
): Promise<TestTill> {
  const core = startCore({
    dataFolder,
    nowMs: options.nowMs ?? (() => Date.now()),
    randomBytes: (size) => randomBytes(size),
    fetch: options.fetch ?? globalThis.fetch,
    setTimer: (task, delayMs) => {
      const timer = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
    scannerPath: null,
    printerAddress: null,
  });
  assert(core.fault === null, JSON.stringify(core.fault));
  const [page, till] = inProcessPair<ToTill, ToPage>();
  core.attachPage(till);
  const connected = await connect(page, CONTRACT_VERSION);
  assert(connected.ok, 'the page is welcome');
  const channel = connected.value;
  const signedIn = await channel.call('session.signIn', { pin: '1111' });
  assert(signedIn.ok, 'the demo cashier signs in');
  let isClosed = false;

  async function snapshot(): Promise<SessionSnapshot> {
    const answer = await channel.call('session.get', {});
    assert(answer.ok, 'a session can always be read');
    return answer.value;
  }

  const opened: TestTill = {
    dataFolder,
    channel,
    snapshot,
    until: (isWanted) =>
      new Promise((resolve, reject) => {
        const end = channel.on('session.changed', (current) => {
          if (!isWanted(current)) return;
          end();
          resolve(current);
        });
        snapshot().then((current) => {
          if (!isWanted(current)) return;
          end();
          resolve(current);
        }, reject);
      }),
    async fill(card, skus) {
      if (card !== null) await channel.call('scan.submit', { scanData: card });
      for (const sku of skus) {
        const added = await channel.call('basket.addProduct', { sku, quantity: 1 });
        assert(added.ok, 'a demo product is added');
      }
    },
    async pay(tenderType = 'cash') {
      const { basket } = await snapshot();
      const { transactionId, totalMinor, earnedPoints, redeemedPoints } = basket;
      const paid = await channel.call('sale.commit', {
        transactionId,
        tenders: totalMinor === 0 ? [] : [{ tenderType, amountMinor: totalMinor }],
        expected: { totalMinor, earnedPoints, redeemedPoints },
      });
      assert(paid.ok, paid.ok ? '' : JSON.stringify(paid.error));
    },
    attachDevices(log) {
      const [coreEnd, devicesEnd] = inProcessPair<CoreToDevices, DevicesToCore>();
      startDeviceHost(devicesEnd, log);
      core.attachDevices(coreEnd);
      return () => coreEnd.close();
    },
    joinAsDevices() {
      const [coreEnd, devicesEnd] = inProcessPair<CoreToDevices, DevicesToCore>();
      core.attachDevices(coreEnd);
      return devicesEnd;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      channel.close();
      await core.close();
    },
  };
  onTestFinished(() => opened.close());
  return opened;
}

/** A till of the demo shop at a head office, set up and started. */
export async function newTillAt(
  headOffice: TestHeadOffice,
  tillNumber: number,
  shop: Partial<Shop> = {},
): Promise<TestTill> {
  const dataFolder = temporaryFolder();
  const token = await headOffice.addTill(`001-${String(tillNumber).padStart(3, '0')}`);
  setUpDemo(
    dataFolder,
    { tillNumber, headOffice: { url: headOffice.url }, ...shop },
    { headOfficeToken: token, nowMs: Date.now() },
  );
  return startTill(dataFolder);
}
