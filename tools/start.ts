// Owns `npm start`: the till in a window, or in a browser, on the demo shop or on a real one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DATA_FOLDER_VARIABLE } from '#till/environment.ts';
import { DEMO_PINS } from '#till/pins.ts';
import { startBrowserTill } from '#tools/browserTill.ts';
import { ensureBuilt } from '#tools/build.ts';
import { demoMembers, demoProducts, demoShop } from '#tools/demoShop.ts';
import { type DemoSurroundings, startDemoSurroundings } from '#tools/demoSurroundings.ts';
import {
  downloadElectron,
  findElectron,
  hasScreen,
  sandboxSwitches,
} from '#tools/electronRuntime.ts';
import { askedToEnd, createFamily, type Family } from '#tools/family.ts';
import { startPaperWindow } from '#tools/paperWindow.ts';
import { cacheFolder, projectFolder } from '#tools/project.ts';
import { isSetUp, setUpRealShop } from '#tools/shopFolder.ts';

/** With the build beside it, well within the 15 s that a person is asked to wait. */
const DOWNLOAD_MS_MAX = 11_000;
/** As fast as a good receipt printer: 150 mm a second. */
const PAPER_LINES_PER_SECOND = 40;
/** A window that is gone again this soon never opened. */
const WINDOW_MS_MIN = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface ShopToOpen {
  readonly folder: string;
  readonly scannerPath: string | null;
  readonly printerAddress: string | null;
}

function describeDemo({ scanner, printer }: DemoSurroundings): void {
  say(`\n${demoShop.storeName}: the demo shop. Nothing here is real.`);
  say(`  PIN      cashier ${DEMO_PINS.cashier}, manager ${DEMO_PINS.manager}`);
  for (const { cardNumber, displayName, balancePoints } of demoMembers.slice(0, 3)) {
    say(`  card     ${cardNumber}  ${displayName}, ${balancePoints} points`);
  }
  for (const { barcode, name } of demoProducts.slice(0, 3)) say(`  product  ${barcode}  ${name}`);
  say(
    scanner === null
      ? '  scan     install socat for a virtual scanner; the screen takes typed numbers too'
      : '  scan     type a card or a bar code into this terminal and press Enter',
  );
  say(`  receipts come out here, printed at ${printer.address}; Ctrl-C ends everything\n`);
}

/** A line typed into the terminal is a scan. */
function scanTypedLines({ scanner }: DemoSurroundings): void {
  if (scanner === null) return;
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() !== '') void scanner.scan(line.trim());
  });
}

async function openDemo(family: Family): Promise<ShopToOpen> {
  const around = await startDemoSurroundings(
    family,
    path.join(cacheFolder, 'demo'),
    PAPER_LINES_PER_SECOND,
  );
  describeDemo(around);
  const paperWindow = await startPaperWindow(around.printer);
  family.onEnd(() => paperWindow.close());
  say(`  paper    watch it come out, and work the printer, at ${paperWindow.address}\n`);
  openBrowser(paperWindow.address);
  scanTypedLines(around);
  around.printer.onEvent((event) => {
    if (event.type === 'cut') say(around.printer.papers().at(-1) ?? '');
  });
  return {
    folder: around.shopFolder,
    scannerPath: around.scanner?.path ?? null,
    printerAddress: around.printer.address,
  };
}

function openReal(named: string): ShopToOpen {
  const folder = path.resolve(named);
  if (!isSetUp(folder)) {
    const pins = setUpRealShop(folder);
    say(`A new shop was made in ${folder}. Its name and devices stand in shop.json there.`);
    say(`PINs, shown this once: cashier ${pins.cashier}, manager ${pins.manager}`);
  }
  return { folder, scannerPath: null, printerAddress: null };
}

function environmentOf(shop: ShopToOpen): NodeJS.ProcessEnv {
  const scanner = process.env['TILL_SCANNER'] ?? shop.scannerPath;
  const printer = process.env['TILL_PRINTER'] ?? shop.printerAddress;
  return {
    ...process.env,
    TILL_DATA: shop.folder,
    [DATA_FOLDER_VARIABLE]: shop.folder,
    ...(scanner === null ? {} : { TILL_SCANNER: scanner }),
    ...(printer === null ? {} : { TILL_PRINTER: printer }),
  };
}

async function electronOrWhyNot(): Promise<{ executable: string } | { whyNot: string }> {
  if (!hasScreen()) return { whyNot: 'There is no screen to open a window on.' };
  const atHand = findElectron();
  if (atHand !== null) return { executable: atHand };
  await downloadElectron(DOWNLOAD_MS_MAX);
  const fetched = findElectron();
  if (fetched !== null) return { executable: fetched };
  return { whyNot: "Electron's runtime could not be downloaded." };
}

/** Chromium's own complaints, about a session bus or a graphics card, say nothing to a cashier. */
function passOnErrors(window: ChildProcess): void {
  if (window.stderr === null) return;
  createInterface({ input: window.stderr }).on('line', (line) => {
    if (!/^\[\d+:[\d/.]+:[A-Z]+:/.test(line)) process.stderr.write(`${line}\n`);
  });
}

/** False when the window went away at once: a library is missing, say. */
async function runWindow(window: ChildProcess): Promise<boolean> {
  const startedMs = performance.now();
  const code = await Promise.race([
    once(window, 'exit').then(([exitCode]) => exitCode as number | null),
    once(window, 'error').then(() => 1),
    askedToEnd().then(() => 0),
  ]);
  return code === 0 || performance.now() - startedMs > WINDOW_MS_MIN;
}

/** Best effort: the address is printed all the same. */
function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  if (command === undefined || !hasScreen()) return;
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}

async function runBrowser(family: Family, env: NodeJS.ProcessEnv): Promise<void> {
  const address = await startBrowserTill(family, env);
  say(`The till is open at ${address}`);
  openBrowser(address);
  await askedToEnd();
}

export async function main(args: readonly string[]): Promise<number> {
  const family = createFamily();
  const isBrowserAsked = args.includes('--browser');
  const runtime = isBrowserAsked ? null : electronOrWhyNot();
  try {
    const { TILL_DATA } = process.env;
    const shop = TILL_DATA ? openReal(TILL_DATA) : await openDemo(family);
    const env = environmentOf(shop);
    await ensureBuilt();
    const found = await runtime;
    if (found !== null && 'executable' in found) {
      const window = family.spawn(found.executable, [...sandboxSwitches(), projectFolder], env);
      passOnErrors(window);
      if (await runWindow(window)) return 0;
      say('The window did not open; the same till opens in a browser.');
    } else if (found !== null) {
      say(`${found.whyNot} The same till opens in a browser.`);
    }
    await runBrowser(family, env);
    return 0;
  } finally {
    await family.end();
    process.stdin.destroy();
  }
}
