// Owns the lab's checks of the print queue: a till that sells, and a printer that is unplugged.
import assert from 'node:assert/strict';
import { closeReadOnly, openReadOnly } from '#db/open.ts';
import { type PrintJob, printJobById } from '#db/printJobs.ts';
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { flushBytes, outputBytes, prepareJob } from '#drivers/printer/prepare.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import { type LabDevice, plugIn, pullOut } from '#test/lab/devices.ts';
import { epson } from '#test/lab/identities.ts';
import {
  configurationOf,
  printerDevice,
  sheetsFromNow,
  slowPrinter,
} from '#test/lab/labPrinter.ts';
import { type LabTill, openLabTill } from '#test/lab/tillUnderTest.ts';
import { pause, until } from '#test/lab/until.ts';

const PROFILE_ID = 'epson-80';
/** The first job of a fresh till: the receipt of its first sale. */
const FIRST_JOB = 1;
/** Longer than the queue waits before it tries a blocked job again. */
const NO_RESEND_MS = 8000;
const DLE = 0x10;
const EOT = 0x04;

interface Desk {
  readonly device: LabDevice;
  readonly till: LabTill;
  readonly newSheets: () => Promise<readonly string[]>;
}

async function opened(lab: Lab): Promise<Desk> {
  const device = await printerDevice(lab, epson, slowPrinter);
  const newSheets = await sheetsFromNow(device);
  await plugIn(device, 'usbmisc', epson);
  const till = await openLabTill({
    scanners: [],
    printer: configurationOf(epson, PROFILE_ID),
    lineDisplay: null,
  });
  lab.after(() => till.close());
  await till.until('a ready printer', ({ printer }) => printer.state === 'ready');
  return { device, till, newSheets };
}

function jobOf(till: LabTill, jobId: number): PrintJob {
  const store = openReadOnly(till.databaseFile);
  assert.ok(store.ok);
  const job = printJobById(store.value, jobId);
  closeReadOnly(store.value);
  assert.ok(job !== null, `job ${jobId} exists`);
  return job;
}

/** Every byte of the job as the driver makes it of the document that the till wrote down. */
function expectedBytes(job: PrintJob): Buffer {
  const profile = printerProfileById(PROFILE_ID);
  assert.ok(profile !== null && job.document !== null);
  const stored = JSON.parse(job.document) as ReceiptDocument;
  // The queue's own mark, by which two papers of one sale are told apart.
  const mark = {
    type: 'text',
    text: `#${job.jobId}`,
    align: 'right',
    bold: false,
    scale: 1,
  } as const;
  const document = { ...stored, blocks: [...stored.blocks, mark] };
  const bytes = outputBytes({ kind: 'document', document }, profile);
  assert.ok(bytes !== null);
  const { ackLevel } = profile;
  const outputId = job.jobId;
  const flushCount = flushBytes(profile);
  const prepared = prepareJob({ outputId, bytes, ackLevel, flushCount, mayWait: true });
  return Buffer.concat(prepared.parts.map((part) => part.bytes));
}

/** Real-time questions stand between a job's bytes; data never holds one (printing.md §3.4). */
function withoutQuestions(bytes: Uint8Array): Buffer {
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const [first = 0, second = 0, query = 0] = bytes.subarray(at, at + 3);
    const isQuestion = first === DLE && second === EOT && query >= 1 && query <= 4;
    if (isQuestion) at += 2;
    else kept.push(first);
  }
  return Buffer.from(kept);
}

/** Where two byte strings part, for a message that can be read. */
function firstDifference(a: Buffer, b: Buffer): string {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at < 0) return `${a.length} and ${b.length} bytes`;
  const around = (bytes: Buffer) =>
    JSON.stringify(bytes.subarray(Math.max(0, at - 8), at + 64).toString('latin1'));
  return `byte ${at} of ${a.length}/${b.length}: ${around(a)} and ${around(b)}`;
}

const sheetsWith = async ({ newSheets }: Desk, text: string): Promise<readonly string[]> =>
  (await newSheets()).filter((sheet) => sheet.includes(text));

const byteForByte: Check = {
  id: 'printer: a sale through the print queue, read back byte for byte',
  async run(lab) {
    const desk = await opened(lab);
    const { device, till } = desk;
    await till.addProduct('P009');
    await till.addProduct('P001');
    const sale = await till.pay('card');
    await till.until('the receipt', ({ printer }) => printer.waitingCount === 0);
    const job = jobOf(till, FIRST_JOB);
    assert.deepEqual([job.kind, job.state], ['receipt', 'confirmed']);
    const sent = withoutQuestions(await device.received());
    const expected = expectedBytes(job);
    assert.ok(sent.equals(expected), firstDifference(sent, expected));
    lab.say(`${expected.length} bytes`);
    assert.equal((await sheetsWith(desk, sale.receiptNumber)).length, 1);
  },
};

const midJob: Check = {
  id: 'printer: unplugged in the middle of a job: unknown, asked, never sent again',
  async run(lab) {
    const desk = await opened(lab);
    const { device, till } = desk;
    await till.addProduct('P009');
    const sale = await till.pay('card');
    // Some of it is in the printer, and the printer takes its time.
    await until(async () => (await device.received()).length > 700, 'the first part of the job');
    await device.unplug();
    const asked = await till.until('the question', ({ printer }) => printer.question !== null);
    assert.equal(asked.printer.question?.receiptNumber, sale.receiptNumber);
    assert.equal(jobOf(till, FIRST_JOB).state, 'unknown');
    await plugIn(device, 'usbmisc', epson);
    await till.until('a ready printer', ({ printer }) => printer.state === 'ready');
    await pause(NO_RESEND_MS);
    const since = withoutQuestions(await device.received());
    assert.ok(
      since.every((byte) => byte === 0),
      `sent again by itself: ${since.length} bytes`,
    );
    const { question } = (await till.snapshot()).printer;
    const answered = await till.channel.call('print.answer', {
      jobId: question?.jobId ?? 0,
      cameOut: false,
    });
    assert.ok(answered.ok);
    await till.until('the copy', ({ printer }) => printer.waitingCount === 0);
    const sheets = await until(async () => {
      const found = await sheetsWith(desk, sale.receiptNumber);
      return found.length > 0 ? found : null;
    }, 'the copy on paper');
    assert.ok(sheets.at(-1)?.includes('COPY'), 'the second paper says that it is a copy');
    assert.ok(sheets.filter((sheet) => !sheet.includes('COPY')).length <= 1);
  },
};

const whileAway: Check = {
  id: 'printer: sales while it is unplugged come out once each, in order, after the replug',
  async run(lab) {
    const { device, till, newSheets } = await opened(lab);
    await pullOut(device, 'usbmisc', epson);
    const numbers: string[] = [];
    for (let sale = 0; sale < 3; sale += 1) {
      await till.addProduct('P009');
      numbers.push((await till.pay('card')).receiptNumber);
    }
    await till.until('the waiting', ({ printer }) => printer.waitingCount === numbers.length);
    await device.plug();
    await till.until('an empty queue', ({ printer }) => printer.waitingCount === 0);
    const ours = (await newSheets()).filter((sheet) =>
      numbers.some((number) => sheet.includes(number)),
    );
    assert.equal(ours.length, numbers.length);
    for (const [index, number] of numbers.entries()) assert.ok(ours[index]?.includes(number));
  },
};

export const queueChecks: readonly Check[] = [byteForByte, midJob, whileAway];
