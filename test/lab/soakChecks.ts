// Owns the soak: each device is unplugged and plugged in again many times while the till sells.
import assert from 'node:assert/strict';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import { scanReports } from '#test/lab/descriptors.ts';
import type { LabDevice } from '#test/lab/devices.ts';
import { hidDevice } from '#test/lab/hidChecks.ts';
import { datalogic, epson, honeywell } from '#test/lab/identities.ts';
import {
  configurationOf,
  printerDevice,
  sheetsFromNow,
  slowPrinter,
} from '#test/lab/labPrinter.ts';
import { serialDevice } from '#test/lab/serialChecks.ts';
import { addressOf, cpuMs, nodeOf, openFiles } from '#test/lab/system.ts';
import { type LabTill, openLabTill } from '#test/lab/tillUnderTest.ts';
import { pause, until } from '#test/lab/until.ts';
import type { CommittedSale } from '#till/contract.ts';
import { demoProducts } from '#tools/demoShop.ts';

const SPIN_MS = 10_000;
/** More than this, over the same time idle, is a spin. */
const SPIN_TIMES = 3;
const CYCLE_LIMIT_MS = 90_000;
/** How often each device is unplugged; `npm run lab -- --soak` adds up to 100. */
const cycles = Number(process.env['PUAN_LAB_CYCLES'] ?? '5');

type Scan = (barcode: string) => Promise<void>;

interface Desk {
  readonly till: LabTill;
  readonly hid: LabDevice;
  readonly serial: LabDevice;
  readonly printer: LabDevice;
  readonly scanHid: Scan;
  readonly scanSerial: Scan;
  readonly sales: CommittedSale[];
  readonly newSheets: () => Promise<readonly string[]>;
}

async function openDesk(lab: Lab): Promise<Desk> {
  const hid = await hidDevice(lab, 'honeywell');
  const serial = await serialDevice(lab, datalogic);
  const printer = await printerDevice(lab, epson, slowPrinter);
  const newSheets = await sheetsFromNow(printer);
  await hid.plug();
  await serial.plug();
  await printer.plug();
  await nodeOf('hidraw', honeywell);
  await nodeOf('tty', datalogic);
  await nodeOf('usbmisc', epson);
  const till = await openLabTill({
    scanners: [
      { type: 'hid', address: addressOf(honeywell), commands: 'honeywell' },
      { ...serialScannerDefaults, address: addressOf(datalogic) },
    ],
    printer: configurationOf(epson, 'epson-80'),
    lineDisplay: null,
  });
  lab.after(() => till.close());
  await till.until('both scanners', ({ scanner }) => scanner.state === 'ready');
  await till.until('the printer', (now) => now.printer.state === 'ready');
  return {
    ...{ till, hid, serial, printer, sales: [], newSheets },
    scanHid: (barcode) => hid.send(scanReports('honeywell', barcode)),
    scanSerial: (barcode) => serial.send(Buffer.from(`${barcode}\r`)),
  };
}

function barcodeOf(index: number): string {
  const barcode = demoProducts[index]?.barcode;
  assert.ok(barcode !== undefined && barcode !== null);
  return barcode;
}

/** Scans one more product and waits until it is a line of the sale. */
async function sellOne(desk: Desk, scan: Scan, index: number, lineCount: number): Promise<void> {
  await scan(barcodeOf(index));
  await desk.till.until(
    `line ${lineCount} of the sale`,
    ({ state, basket }) => state === 'selling' && basket.lineCount === lineCount,
  );
}

const scannerMissed = ({ till }: Desk) =>
  till.until('the scanner to be missed', ({ scanner }) => scanner.state !== 'ready');
const scannerBack = ({ till }: Desk) =>
  till.until('the scanner to be back', ({ scanner }) => scanner.state === 'ready');
const printerMissed = ({ till }: Desk) =>
  till.until('the printer to be missed', ({ printer }) => printer.state !== 'ready');

/** A sale of three lines: before, while and after the scanner is away. */
async function scannerCycle(
  desk: Desk,
  device: LabDevice,
  scan: Scan,
  otherScan: Scan,
): Promise<void> {
  await sellOne(desk, scan, 8, 1);
  await device.unplug();
  await scannerMissed(desk);
  await sellOne(desk, otherScan, 9, 2);
  await device.plug();
  await scannerBack(desk);
  await sellOne(desk, scan, 10, 3);
  desk.sales.push(await desk.till.pay('card'));
}

async function sheetsWith(desk: Desk, receiptNumber: string): Promise<readonly string[]> {
  return (await desk.newSheets()).filter((sheet) => sheet.includes(receiptNumber));
}

async function answerQuestion(desk: Desk): Promise<void> {
  const { question } = (await desk.till.snapshot()).printer;
  if (question === null) return;
  const { jobId, receiptNumber } = question;
  const cameOut = (await sheetsWith(desk, receiptNumber)).length > 0;
  await desk.till.channel.call('print.answer', { jobId, cameOut });
}

async function queueEmpty(desk: Desk): Promise<void> {
  await until(
    async () => {
      await answerQuestion(desk);
      const { printer } = await desk.till.snapshot();
      return printer.waitingCount === 0 && printer.question === null;
    },
    'an empty print queue',
    CYCLE_LIMIT_MS,
  );
}

/** In turns: unplugged before the sale, and while its receipt is being printed. */
async function printerCycle(desk: Desk, round: number): Promise<void> {
  const { till, printer } = desk;
  const isMidJob = round % 2 === 1;
  if (!isMidJob) await printer.unplug();
  await sellOne(desk, desk.scanHid, 8, 1);
  await sellOne(desk, desk.scanSerial, 9, 2);
  const before = isMidJob ? (await printer.received()).length : 0;
  desk.sales.push(await till.pay('card'));
  if (isMidJob) {
    await until(async () => (await printer.received()).length > before + 200, 'part of a receipt');
    await printer.unplug();
  }
  await printerMissed(desk);
  await printer.plug();
  await queueEmpty(desk);
}

/** Processor time of the devices' process: idle, and without the device. */
async function checkSpin(
  lab: Lab,
  desk: Desk,
  device: LabDevice,
  isMissed: (desk: Desk) => Promise<unknown>,
): Promise<void> {
  const pid = desk.till.devicesPid();
  const over = async (): Promise<number> => {
    const before = cpuMs(pid);
    await pause(SPIN_MS);
    return cpuMs(pid) - before;
  };
  // The lower of two: what the sales before left to do is not idleness.
  const idleMs = Math.min(await over(), await over());
  await device.unplug();
  await isMissed(desk);
  const awayMs = await over();
  await device.plug();
  const ratio = Math.round((awayMs / idleMs) * 100) / 100;
  lab.say(`${Math.round(idleMs)} ms of 10 s idle, ${Math.round(awayMs)} ms unplugged: ${ratio}`);
  assert.ok(awayMs < idleMs * SPIN_TIMES, 'the devices process is busier without its device');
}

/** Each sale is on paper: once unmarked, or as a copy where the cashier had to say so. */
async function checkPaper(desk: Desk): Promise<void> {
  for (const { receiptNumber } of desk.sales) {
    const sheets = await sheetsWith(desk, receiptNumber);
    const unmarked = sheets.filter((sheet) => !sheet.includes('COPY'));
    assert.ok(sheets.length > 0, `${receiptNumber} is on paper`);
    assert.ok(unmarked.length <= 1, `${receiptNumber} is on paper once without a mark`);
  }
}

interface Soak {
  readonly id: string;
  readonly device: (desk: Desk) => LabDevice;
  readonly cycle: (desk: Desk, round: number) => Promise<void>;
  readonly isMissed: (desk: Desk) => Promise<unknown>;
  readonly isBack: (desk: Desk) => Promise<unknown>;
}

function soak({ id, device, cycle, isMissed, isBack }: Soak): Check {
  return {
    id,
    limitMs: 120_000 + cycles * CYCLE_LIMIT_MS,
    async run(lab) {
      const desk = await openDesk(lab);
      const pid = desk.till.devicesPid();
      // The first round loads what is loaded once; handles are counted from then on.
      await cycle(desk, 0);
      await queueEmpty(desk);
      await isBack(desk);
      const filesBefore = openFiles(pid);
      for (let round = 1; round < cycles; round += 1) await cycle(desk, round);
      await queueEmpty(desk);
      await isBack(desk);
      await checkSpin(lab, desk, device(desk), isMissed);
      await isBack(desk);
      const filesAfter = await until(() => {
        const count = openFiles(pid);
        return count <= filesBefore ? count : null;
      }, `no more open files than ${filesBefore}`);
      await checkPaper(desk);
      const files = `${filesBefore} open files before, ${filesAfter} after`;
      lab.say(`${cycles} cycles, ${desk.sales.length} sales; ${files}`);
    },
  };
}

const forScanner = { isMissed: scannerMissed, isBack: scannerBack };

export const soakChecks: readonly Check[] = [
  soak({
    id: 'soak: the HID scanner is unplugged while selling',
    device: ({ hid }) => hid,
    cycle: (desk) => scannerCycle(desk, desk.hid, desk.scanHid, desk.scanSerial),
    ...forScanner,
  }),
  soak({
    id: 'soak: the serial scanner is unplugged while selling',
    device: ({ serial }) => serial,
    cycle: (desk) => scannerCycle(desk, desk.serial, desk.scanSerial, desk.scanHid),
    ...forScanner,
  }),
  soak({
    id: 'soak: the printer is unplugged while selling',
    device: ({ printer }) => printer,
    cycle: printerCycle,
    isMissed: printerMissed,
    isBack: ({ till }) =>
      till.until('the printer to be back', ({ printer }) => printer.state === 'ready'),
  }),
];
