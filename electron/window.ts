// Owns the one window: locked down, served from app://till, back after its page crashed.
import path from 'node:path';
import { app, BrowserWindow, Menu, protocol, session } from 'electron';
import { pageFile } from '#till/pageFiles.ts';

const ORIGIN = 'app://till';
const PAGE_CRASHES_PER_MINUTE_MAX = 3;

/** Before the app is ready: Electron takes schemes only then. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Every page that ever exists: it stays where it is and opens nothing. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

function lockSession(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  own.on('will-download', (event) => event.preventDefault());
  own.setSpellCheckerEnabled(false);
  // Whatever is not ours is cancelled before it leaves the process.
  own.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !/^(app:\/\/till\/|devtools:|data:image\/)/.test(url) });
  });
}

function servePage(): void {
  const root = path.join(__dirname, '../renderer');
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'till' || request.method !== 'GET') return new Response(null, { status: 403 });
    const file = await pageFile(root, url.pathname, "'none'");
    const body = typeof file.body === 'string' ? file.body : new Uint8Array(file.body);
    return new Response(body, { status: file.status, headers: file.headers });
  });
}

/**
 * A page that crashes is loaded again: the sale is core's. One that keeps crashing ends the app.
 */
function reloadAfterCrash(window: BrowserWindow): void {
  let crashesMs: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const nowMs = performance.now();
    crashesMs = [...crashesMs.filter((atMs) => nowMs - atMs < 60_000), nowMs];
    if (crashesMs.length <= PAGE_CRASHES_PER_MINUTE_MAX) return window.webContents.reload();
    app.relaunch();
    app.exit(1);
  });
}

/** Opens the till's window; `onLoaded` runs after each load, with the page's scripts listening. */
export function openWindow(onLoaded: (window: BrowserWindow) => void): BrowserWindow {
  lockSession();
  servePage();
  Menu.setApplicationMenu(null);
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    backgroundColor: '#eef1f4',
    title: 'Puan',
    webPreferences: {
      preload: path.join(__dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      disableBlinkFeatures: 'Auxclick',
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.on('did-finish-load', () => onLoaded(window));
  reloadAfterCrash(window);
  void window.loadURL(`${ORIGIN}/`);
  return window;
}
