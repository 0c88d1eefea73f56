// Owns a whole till in the lab: core in this process, its devices in theirs, as under plain Node.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeDatabase, openDatabase } from '#db/open.ts';
import type { DeviceConfiguration } from '#drivers/configuration.ts';
import { assert } from '#loyalty/assert.ts';
import { until } from '#test/lab/until.ts';
import { type Channel, connect, type ToPage, type ToTill } from '#till/channel.ts';
import { CONTRACT_VERSION, type CommittedSale, type SessionSnapshot } from '#till/contract.ts';
import { startCore } from '#till/core.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { storeDevices } from '#till/deviceSettings.ts';
import { coreOptions, DATA_FOLDER_VARIABLE } from '#till/environment.ts';
import { childEnd, inProcessPair } from '#till/messageEnds.ts';
import { BACKUP_FOLDER, DATABASE_FILE, setUpTill } from '#till/setUp.ts';
import { demoMembers, demoOperators, demoProducts, demoShop } from '#tools/demoShop.ts';
import { projectFolder } from '#tools/project.ts';

/** Emulated, and perhaps beside other work. */
const WAIT_MS = 120_000;

export interface LabTill {
  readonly channel: Channel;
  readonly databaseFile: string;
  /** Of the process that has the devices open. */
  devicesPid(): number;
  snapshot(): Promise<SessionSnapshot>;
  until(what: string, isWanted: (snapshot: SessionSnapshot) => boolean): Promise<SessionSnapshot>;
  addProduct(sku: string): Promise<void>;
  /** Pays all of it; with cash the drawer opens. */
  pay(tenderType: 'cash' | 'card'): Promise<CommittedSale>;
  close(): Promise<void>;
}

function setUp(dataFolder: string, devices: DeviceConfiguration): void {
  const nowMs = Date.now();
  const done = setUpTill({
    dataFolder,
    shop: demoShop,
    programmeText: readFileSync(path.join(projectFolder, 'programmes/demo.json'), 'utf8'),
    operators: demoOperators,
    products: demoProducts,
    members: demoMembers,
    headOfficeToken: null,
    nowMs,
  });
  assert(done.ok, done.ok ? '' : JSON.stringify(done.error));
  const opened = openDatabase(path.join(dataFolder, DATABASE_FILE), {
    nowMs,
    backupFolder: path.join(dataFolder, BACKUP_FOLDER),
  });
  assert(opened.ok, opened.ok ? '' : opened.error.detail);
  storeDevices(opened.value, devices);
  closeDatabase(opened.value);
}

async function join(core: ReturnType<typeof startCore>): Promise<Channel> {
  const [page, coreEnd] = inProcessPair<ToTill, ToPage>();
  core.attachPage(coreEnd);
  const connected = await connect(page, CONTRACT_VERSION);
  assert(connected.ok, connected.ok ? '' : JSON.stringify(connected.error));
  const signedIn = await connected.value.call('session.signIn', { pin: '1111' });
  assert(signedIn.ok, 'the cashier signs in');
  return connected.value;
}

function startDevices(): ChildProcess {
  return fork(path.join(projectFolder, 'till/nodeDevices.ts'), { serialization: 'advanced' });
}

/** A demo till with these devices and the cashier signed in, on a folder of its own. */
export async function openLabTill(devices: DeviceConfiguration): Promise<LabTill> {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'puan-lab-'));
  setUp(dataFolder, devices);
  const core = startCore(coreOptions({ [DATA_FOLDER_VARIABLE]: dataFolder }));
  assert(core.fault === null, JSON.stringify(core.fault));
  const child = startDevices();
  core.attachDevices(childEnd<CoreToDevices, DevicesToCore>(child));
  const channel = await join(core);

  async function snapshot(): Promise<SessionSnapshot> {
    const answer = await channel.call('session.get', {});
    assert(answer.ok, 'a session can always be read');
    return answer.value;
  }
  return {
    channel,
    databaseFile: path.join(dataFolder, DATABASE_FILE),
    devicesPid: () => child.pid ?? 0,
    snapshot,
    async until(what, isWanted) {
      // Listened to first: a change between the answer and this line would be missed for good.
      let changed: SessionSnapshot | null = null;
      const end = channel.on('session.changed', (latest) => {
        changed = latest;
      });
      const first = await snapshot();
      const look = () => {
        const current = changed ?? first;
        return isWanted(current) ? current : null;
      };
      try {
        return await until(look, what, WAIT_MS);
      } catch (error) {
        const { state, basket, scanner, printer, notice } = changed ?? first;
        const seen = { state, lineCount: basket.lineCount, scanner, printer, notice };
        throw new Error(`${(error as Error).message}; seen: ${JSON.stringify(seen)}`);
      } finally {
        end();
      }
    },
    async addProduct(sku) {
      const added = await channel.call('basket.addProduct', { sku, quantity: 1 });
      assert(added.ok, added.ok ? '' : JSON.stringify(added.error));
    },
    async pay(tenderType) {
      const { basket } = await snapshot();
      const { transactionId, totalMinor, earnedPoints, redeemedPoints } = basket;
      const paid = await channel.call('sale.commit', {
        transactionId,
        tenders: [{ tenderType, amountMinor: totalMinor }],
        expected: { totalMinor, earnedPoints, redeemedPoints },
      });
      assert(paid.ok, paid.ok ? '' : JSON.stringify(paid.error));
      return paid.value;
    },
    async close() {
      channel.close();
      await core.close();
      if (child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => {
          child.once('exit', resolve);
          setTimeout(() => child.kill('SIGKILL'), WAIT_MS).unref();
        });
      }
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
