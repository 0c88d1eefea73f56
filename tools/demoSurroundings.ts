// Owns what the demo starts beside the till: head office, a printer and a scanner, all virtual.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startVirtualPrinter, type VirtualPrinter } from '#drivers/virtual/printer.ts';
import { openPtyScanner, type VirtualScanner } from '#drivers/virtual/scanner.ts';
import { assert } from '#loyalty/assert.ts';
import type { Shop } from '#till/shop.ts';
import type { Family } from '#tools/family.ts';
import type { HeadOfficeListening } from '#tools/headOfficeProcess.ts';
import { isSetUp, setUpDemoShop } from '#tools/shopFolder.ts';

export interface HeadOfficeChild {
  readonly url: string;
  readonly tillToken: string | null;
  readonly adminToken: string | null;
  readonly process: ChildProcess;
}

/** Starts head office in its own process. A `port` of 0 takes a free one. */
export async function startHeadOfficeChild(
  family: Family,
  folder: string,
  port = 0,
): Promise<HeadOfficeChild> {
  const child = family.fork('tools/headOfficeProcess.ts', [folder, String(port)]);
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [null]),
  ])) as [HeadOfficeListening | null];
  if (message === null) throw new Error('head office did not start');
  return { ...message, process: child };
}

/** The demo's head office takes a free port at each start: the shop is told where it is now. */
function moveHeadOffice(folder: string, url: string): void {
  const file = path.join(folder, 'shop.json');
  const shop = JSON.parse(readFileSync(file, 'utf8')) as Shop;
  writeFileSync(file, `${JSON.stringify({ ...shop, headOffice: { url } }, null, 2)}\n`);
}

export interface DemoSurroundings {
  readonly shopFolder: string;
  readonly headOffice: HeadOfficeChild;
  readonly printer: VirtualPrinter;
  /** Null where there is no socat to make a serial port with. */
  readonly scanner: VirtualScanner | null;
}

/** Everything a till needs around it, in `folder`; the demo shop is made there the first time. */
export async function startDemoSurroundings(
  family: Family,
  folder: string,
  /** Of paper; as fast as it can when absent. */
  linesPerSecond?: number,
): Promise<DemoSurroundings> {
  const shopFolder = path.join(folder, 'shop');
  const officeFolder = path.join(folder, 'head-office');
  // One without the other cannot speak to it: its token is nowhere else.
  if (!isSetUp(shopFolder)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const headOffice = await startHeadOfficeChild(family, officeFolder);
  if (isSetUp(shopFolder)) {
    moveHeadOffice(shopFolder, headOffice.url);
  } else {
    assert(headOffice.tillToken !== null, 'new books give a new till its token');
    setUpDemoShop(shopFolder, {
      headOfficeUrl: headOffice.url,
      headOfficeToken: headOffice.tillToken,
    });
  }
  const printer = await startVirtualPrinter(linesPerSecond === undefined ? {} : { linesPerSecond });
  family.onEnd(() => printer.close());
  return { shopFolder, headOffice, printer, scanner: await openScanner(family) };
}

async function openScanner(family: Family): Promise<VirtualScanner | null> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'puan-scanner-'));
  const opened = await openPtyScanner(folder);
  family.onEnd(async () => {
    if (opened.ok) await opened.value.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return opened.ok ? opened.value : null;
}
