// Owns the real app in a window for tests: Electron as it is at hand, or the reason why not.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, errors, type Page } from 'playwright-core';
import { onTestFinished, type TestContext } from 'vitest';
import { assert } from '#loyalty/assert.ts';
import { ensureBuilt } from '#tools/build.ts';
import { findElectron, hasScreen, sandboxSwitches } from '#tools/electronRuntime.ts';
import { projectFolder } from '#tools/project.ts';

/** What the app needs at run time; everything else is inside its bundles. */
const RUN_TIME_PACKAGES = [
  'better-sqlite3',
  'serialport',
  '@serialport',
  'node-gyp-build',
  'debug',
  'ms',
];
/** Exists on every Debian; owns nothing. */
const UNPRIVILEGED = { name: 'nobody', uid: 65_534, gid: 65_534 };

/** The executable; skips with the reason, or fails where a runtime is required. */
export function electronOrSkip(context: TestContext): string {
  const executable = hasScreen() ? findElectron() : null;
  if (executable !== null) return executable;
  const reason = hasScreen() ? "Electron's runtime is not at hand" : 'there is no screen (Xvfb)';
  assert(process.env['TILL_ELECTRON_REQUIRED'] !== '1', `Electron is required: ${reason}`);
  return context.skip(reason);
}

export interface TillWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** The process id of a child by its name, `core` or `devices`. */
  pidOf(child: 'core' | 'devices'): Promise<number>;
}

/** Opens the till on a shop's folder, as `npm start` does. Closed after the test. */
export async function openTillWindow(
  executablePath: string,
  shopFolder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TillWindow> {
  await ensureBuilt();
  return launch({
    executablePath,
    args: [...sandboxSwitches(), projectFolder],
    env: { ...process.env, ...env, TILL_DATA: shopFolder } as Record<string, string>,
  });
}

interface LaunchOptions {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly chromiumSandbox?: boolean;
}

/**
 * Playwright finds Electron's debugger by two lines on its standard error, and waits for ever
 * where another process writes into the middle of one. A till may be ended at any moment, and no
 * test has looked at it yet, so it is started once more, and that is said.
 */
async function launchAttached(options: LaunchOptions): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: 40_000 });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    process.stdout.write(`Electron did not show its debugger; once more. ${error.message}\n`);
    return _electron.launch({ ...options, timeout: 60_000 });
  }
}

async function launch(options: LaunchOptions): Promise<TillWindow> {
  const app = await launchAttached(options);
  // A window that does not close is ended by its id: nothing of a test stays behind.
  onTestFinished(async () => {
    const child = app.process();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await app.close().catch(() => undefined);
    clearTimeout(timer);
  });
  const page = await app.firstWindow();
  return {
    app,
    page,
    async pidOf(child) {
      const pid = await app.evaluate(
        ({ app: running }, name) =>
          running
            .getAppMetrics()
            .find((metric) => metric.serviceName === name || metric.name === name)?.pid,
        `puan-${child}`,
      );
      assert(pid !== undefined, `the ${child} process runs`);
      return pid;
    },
  };
}

/**
 * Opens the till as an ordinary user, with Chromium's sandbox on: a copy of the app that this user
 * can read, with a HOME and a shop's folder of its own. Only root can start it.
 */
export async function openUnprivilegedWindow(
  executablePath: string,
  fillShop: (folder: string) => void,
): Promise<TillWindow> {
  await ensureBuilt();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'puan-user-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const appFolder = path.join(folder, 'app');
  cpSync(path.join(projectFolder, 'dist'), path.join(appFolder, 'dist'), { recursive: true });
  cpSync(path.join(projectFolder, 'package.json'), path.join(appFolder, 'package.json'));
  for (const name of RUN_TIME_PACKAGES) {
    const inside = path.join('node_modules', name);
    cpSync(path.join(projectFolder, inside), path.join(appFolder, inside), { recursive: true });
  }
  const shopFolder = path.join(folder, 'shop');
  fillShop(shopFolder);
  // The screen's key belongs to root: the user gets a copy, as a login session would give it.
  const { XAUTHORITY } = process.env;
  const screenKey = path.join(folder, 'Xauthority');
  if (XAUTHORITY !== undefined) copyFileSync(XAUTHORITY, screenKey);
  execFileSync('chown', ['-R', `${UNPRIVILEGED.uid}:${UNPRIVILEGED.gid}`, folder]);
  const starter = path.join(folder, 'start.sh');
  writeFileSync(
    starter,
    `#!/bin/sh\nexec setpriv --reuid=${UNPRIVILEGED.uid} --regid=${UNPRIVILEGED.gid} ` +
      `--clear-groups ` +
      `"${executablePath}" "$@"\n`,
    { mode: 0o755 },
  );
  return launch({
    executablePath: starter,
    args: [appFolder],
    chromiumSandbox: true,
    env: {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: path.join(folder, 'config'),
      TILL_DATA: shopFolder,
      ...(XAUTHORITY === undefined ? {} : { XAUTHORITY: screenKey }),
    } as Record<string, string>,
  });
}
