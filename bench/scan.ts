// Owns bench (d): from a scan's last byte on the serial line to the member painted in the window.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { setUpBenchTill } from '#bench/demoTill.ts';
import { closeApp, openApp, percentile, whyNoElectron } from '#bench/window.ts';
import { transaction } from '#db/handle.ts';
import { upsertMembersFromServer } from '#db/members.ts';
import { closeDatabase, openDatabase } from '#db/open.ts';
import { openPtyScanner } from '#drivers/virtual/scanner.ts';
import { assert } from '#loyalty/assert.ts';
import { BACKUP_FOLDER, DATABASE_FILE } from '#till/setUp.ts';
import { ensureBuilt } from '#tools/build.ts';
import { demoCard } from '#tools/demoShop.ts';
import { projectFolder } from '#tools/project.ts';

const MEMBERS = 1_000_000;
const SCANS = 60;
/** Members of the bench stand behind the demo's own. */
const FIRST = 1_000;
const PIECE = 10_000;
const BAR_MS = 50;

function fillMembers(folder: string): void {
  const opened = openDatabase(path.join(folder, DATABASE_FILE), {
    nowMs: Date.now(),
    backupFolder: path.join(folder, BACKUP_FOLDER),
  });
  assert(opened.ok, 'the till opens');
  for (let from = 0; from < MEMBERS; from += PIECE) {
    const piece = Array.from({ length: PIECE }, (_, index) => ({
      memberId: `bench-${from + index}`,
      cardNumber: demoCard(FIRST + from + index),
      displayName: `Member ${from + index}`,
      balancePoints: 10,
      tierPoints: 10,
      isBlocked: false,
    }));
    transaction(opened.value, () => upsertMembersFromServer(opened.value, piece, 0, Date.now()));
  }
  closeDatabase(opened.value);
}

/** What to add to the page's clock to get this process's: from the quickest of many questions. */
async function clockOffsetMs(page: Page): Promise<number> {
  let best = { tripMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let question = 0; question < 50; question += 1) {
    const askedMs = performance.now();
    const pageMs = await page.evaluate(() => performance.now());
    const tripMs = performance.now() - askedMs;
    if (tripMs < best.tripMs) best = { tripMs, offsetMs: askedMs + tripMs / 2 - pageMs };
  }
  return best.offsetMs;
}

/** The page's own time of the frame after which `name` was on screen. */
function painted(page: Page, name: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): boolean => {
          const shown = document.querySelector('[data-testid=member]')?.textContent ?? '';
          if (!shown.includes(wanted)) return false;
          // A task after the next frame runs when that frame was handed over.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now());
            port2.postMessage(null);
          });
          return true;
        };
        if (look()) return;
        const observer = new MutationObserver(() => {
          if (look()) observer.disconnect();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    name,
  );
}

export async function benchScan(): Promise<string> {
  const reason = whyNoElectron();
  if (reason !== null) return `(d) scan to member painted: not measured, ${reason}`;
  await ensureBuilt();
  const folder = mkdtempSync(path.join(tmpdir(), 'puan-bench-'));
  const scanner = await openPtyScanner(folder);
  if (!scanner.ok) return `(d) scan to member painted: not measured, ${scanner.error.detail}`;
  const shopFolder = path.join(folder, 'shop');
  const scanners = [{ type: 'serial', path: scanner.value.path, baudRate: 115_200 } as const];
  setUpBenchTill(shopFolder, { scanners });
  process.stderr.write(`bench (d): storing ${MEMBERS} members first\n`);
  fillMembers(shopFolder);
  const app = await openApp(projectFolder, { TILL_DATA: shopFolder });
  const page = await app.firstWindow();
  await page.getByTestId('lock-screen').waitFor();
  await page.keyboard.type('1111', { delay: 80 });
  await page.keyboard.press('Enter');
  await page.getByTestId('total').waitFor();
  const times: number[] = [];
  const offsetMs = await clockOffsetMs(page);
  for (let scan = 0; scan < SCANS; scan += 1) {
    const number = (scan * 16_411) % MEMBERS;
    const shown = painted(page, `Member ${number}`);
    // The observer must be there before the bytes are.
    await page.evaluate(() => undefined);
    await scanner.value.scan(demoCard(FIRST + number));
    const sentMs = performance.now();
    times.push((await shown) + offsetMs - sentMs);
  }
  await closeApp(app);
  await scanner.value.close();
  rmSync(folder, { recursive: true, force: true });
  const p95 = percentile(times, 0.95);
  return (
    `(d) scan's last byte to member painted, ${MEMBERS} members, ${SCANS} scans: ` +
    `p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ` +
    `max ${Math.max(...times).toFixed(1)} ms; ratio to the bar ${(p95 / BAR_MS).toFixed(2)} ` +
    `(bar p95 <= ${BAR_MS} ms: ${p95 <= BAR_MS ? 'met' : 'MISSED'})`
  );
}

if (import.meta.main) console.log(await benchScan());
