// Owns bench (e): cold start to usable and memory, against a window beside two idle processes.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setUpBenchTill } from '#bench/demoTill.ts';
import { closeApp, openApp, percentile, treePssMegabytes, whyNoElectron } from '#bench/window.ts';
import { ensureBuilt } from '#tools/build.ts';
import { projectFolder } from '#tools/project.ts';

const ROUNDS = 8;
const SETTLE_MS = 2_500;
const BAR_START_MS = 300;
const BAR_PSS_MB = 80;

interface Run {
  readonly startMs: number;
  readonly pssMegabytes: number;
}

/** An app that shows one word; with `children`, beside processes that load our native modules. */
function writeIdleApp(folder: string, children: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'idle', version: '1.0.0', main: 'main.cjs' };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  symlinkSync(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'));
  for (const name of children) {
    const script = `require('${name}'); setInterval(() => {}, 60000);`;
    writeFileSync(path.join(folder, `${name}.cjs`), script);
  }
  const forks = children.map((name) => `utilityProcess.fork(__dirname + '/${name}.cjs');`).join('');
  writeFileSync(
    path.join(folder, 'main.cjs'),
    `const { app, BrowserWindow, utilityProcess } = require('electron');
     app.setPath('userData', process.env.IDLE_DATA);
     app.whenReady().then(() => { ${forks}
       const window = new BrowserWindow({ width: 1280, height: 800 });
       window.loadURL('data:text/html,<p data-testid="lock-screen">ready</p>');
     });
     app.on('window-all-closed', () => app.quit());`,
  );
}

async function measure(folder: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const startedMs = performance.now();
  const app = await openApp(folder, env);
  const page = await app.firstWindow();
  await page.getByTestId('lock-screen').waitFor();
  const startMs = performance.now() - startedMs;
  await page.waitForTimeout(SETTLE_MS);
  const pssMegabytes = treePssMegabytes(app.process().pid ?? 0);
  await closeApp(app);
  return { startMs, pssMegabytes };
}

export async function benchStart(): Promise<string> {
  const reason = whyNoElectron();
  if (reason !== null) return `(e) cold start and memory: not measured, ${reason}`;
  await ensureBuilt();
  const folder = mkdtempSync(path.join(tmpdir(), 'puan-bench-'));
  const bare = path.join(folder, 'bare');
  const idle = path.join(folder, 'idle');
  const shop = path.join(folder, 'shop');
  writeIdleApp(bare, []);
  writeIdleApp(idle, ['better-sqlite3', 'serialport']);
  setUpBenchTill(shop);
  const apps = {
    bare: () => measure(bare, { IDLE_DATA: path.join(folder, 'bare-data') }),
    idle: () => measure(idle, { IDLE_DATA: path.join(folder, 'idle-data') }),
    till: () => measure(projectFolder, { TILL_DATA: shop }),
  };
  const runs = { bare: [] as Run[], idle: [] as Run[], till: [] as Run[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of ['bare', 'idle', 'till'] as const) {
      const run = await apps[name]();
      // The first round fills caches and profiles, and is not counted.
      if (round > 0) runs[name].push(run);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  const startOf = (list: readonly Run[]) =>
    percentile(
      list.map((run) => run.startMs),
      0.5,
    );
  const pssOf = (list: readonly Run[]) =>
    percentile(
      list.map((run) => run.pssMegabytes),
      0.5,
    );
  const moreMs = startOf(runs.till) - startOf(runs.idle);
  const moreMb = pssOf(runs.till) - pssOf(runs.idle);
  const isMet = moreMs <= BAR_START_MS && moreMb <= BAR_PSS_MB;
  return (
    `(e) start to usable ${startOf(runs.till).toFixed(0)} ms, ` +
    `PSS ${pssOf(runs.till).toFixed(0)} MB, ` +
    `against a window beside two idle processes: +${moreMs.toFixed(0)} ms ` +
    `(ratio ${(startOf(runs.till) / startOf(runs.idle)).toFixed(2)}), +${moreMb.toFixed(0)} MB ` +
    `(bar <= +${BAR_START_MS} ms, <= +${BAR_PSS_MB} MB: ${isMet ? 'met' : 'MISSED'}); ` +
    `those processes over a bare window: ` +
    `+${(startOf(runs.idle) - startOf(runs.bare)).toFixed(0)} ms, ` +
    `+${(pssOf(runs.idle) - pssOf(runs.bare)).toFixed(0)} MB; ${ROUNDS} alternating starts, medians`
  );
}

if (import.meta.main) console.log(await benchStart());
