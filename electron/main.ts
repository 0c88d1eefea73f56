// Owns the app's life: one instance, one window, two children. No data and no rules live here.
import path from 'node:path';
import { app, type BrowserWindow, powerSaveBlocker } from 'electron';
import { type Processes, startProcesses } from '#electron/processes.ts';
import { lockContents, openWindow, registerScheme } from '#electron/window.ts';
import { DATA_FOLDER_VARIABLE } from '#till/environment.ts';

function focus(window: BrowserWindow | null): void {
  if (window === null) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

function start(dataFolder: string): void {
  let window: BrowserWindow | null = null;
  let processes: Processes | null = null;

  app.on('second-instance', () => focus(window));
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => processes?.stop());
  lockContents();

  // Not awaited at top level: a module that waits for readiness there keeps it from coming.
  void app.whenReady().then(() => {
    const started = startProcesses({
      ...process.env,
      [DATA_FOLDER_VARIABLE]: dataFolder,
    });
    processes = started;
    window = openWindow((loaded) => started.attachPage(loaded.webContents));
    window.once('closed', () => {
      window = null;
    });
    powerSaveBlocker.start('prevent-display-sleep');
  });
}

/** The launcher names the shop's folder; an installed till keeps it with the app's own data. */
const { TILL_DATA } = process.env;
const named = TILL_DATA ? path.resolve(TILL_DATA) : null;
if (named !== null) app.setPath('userData', path.join(named, 'window'));

// Chromium refuses to sandbox for root; both switches together make every child crash.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
registerScheme();

// Before anything opens the database: the second till on one shop only brings the first forward.
if (app.requestSingleInstanceLock()) start(named ?? path.join(app.getPath('userData'), 'shop'));
else app.exit(0);
