// Goal: what the store refuses, what nobody answers and what cannot be printed hold up no receipt,
// lose no paper and double none.
// Method: the queue on a real file; the test plays devices, clock and timer, fills the disk
// (max_page_count), makes it read-only (query_only), and keeps what a kill would have left.
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectionOf, type StoreFault, transaction, type WritableDb } from '#db/handle.ts';
import {
  insertPrintJob,
  type PrintJob,
  type PrintJobState,
  printJobById,
  setPrintJobState,
} from '#db/printJobs.ts';
import { insertSale } from '#db/sales.ts';
import type { PrintProgress } from '#drivers/printer/printer.ts';
import { openPrintJobs } from '#test/support/openPrintJobs.ts';
import {
  makeSale,
  newDatabase,
  openIn,
  TEST_NOW_MS,
  temporaryFolder,
} from '#test/support/tillDatabase.ts';
import type { CoreToDevices } from '#till/deviceContract.ts';
import { BLOCKED_RETRY_MS, createPrintQueue, DRAWER_DELAY_MS_MAX } from '#till/printQueue.ts';

const DOCUMENT = JSON.stringify({ version: 1, language: 'en', blocks: [] });
/** Fills most of a page: on a full disk its state can change, and a copy of it has no room. */
const LARGE_DOCUMENT = JSON.stringify({ ...JSON.parse(DOCUMENT), title: 'x'.repeat(3_000) });

function databaseWithSales(count: number): WritableDb {
  const db = newDatabase();
  transaction(db, () => {
    for (let seq = 1; seq <= count; seq += 1) insertSale(db, makeSale(seq), [], [], []);
  });
  return db;
}

function addReceipt(db: WritableDb, seq: number, document = DOCUMENT): number {
  const copyNumber = 0;
  return insertPrintJob(db, { seq, kind: 'receipt', copyNumber, atMs: TEST_NOW_MS, document });
}

function addDrawer(db: WritableDb, atMs = TEST_NOW_MS): number {
  return insertPrintJob(db, { seq: null, kind: 'drawer', copyNumber: 0, atMs, document: null });
}

const stateOf = (db: WritableDb, jobId: number): PrintJobState | undefined =>
  printJobById(db, jobId)?.state;

/** The disk takes nothing while this is on. */
function setReadOnly(db: WritableDb, isOn: boolean): void {
  connectionOf(db).pragma(`query_only = ${isOn ? 'ON' : 'OFF'}`);
}

/** The file cannot grow, and what was free inside it is used up. */
function fillDisk(db: WritableDb): void {
  const connection = connectionOf(db);
  connection.exec('CREATE TABLE filler (bytes BLOB)');
  const pages = connection.pragma('page_count', { simple: true });
  connection.pragma(`max_page_count = ${String(pages)}`);
  const fill = connection.prepare('INSERT INTO filler VALUES (zeroblob(3000))');
  expect(() => {
    for (let row = 0; row < 1000; row += 1) fill.run();
  }).toThrow('full');
}

/** Sorted out by the test as a cashier would read it. */
interface Told {
  readonly faults: StoreFault[];
  readonly unprintable: PrintJob[];
  drawers: number;
}

function startQueue(db: WritableDb, clock = { nowMs: TEST_NOW_MS }) {
  const posted: CoreToDevices[] = [];
  const told: Told = { faults: [], unprintable: [], drawers: 0 };
  let timer: { readonly task: () => void; readonly delayMs: number } | null = null;
  const queue = createPrintQueue({
    db,
    nowMs: () => clock.nowMs,
    post: (message) => posted.push(message) > 0,
    hasPrinter: () => true,
    receiptNumberOf: ({ seq }) => String(seq),
    onChange: () => undefined,
    onDrawerUnknown: () => {
      told.drawers += 1;
    },
    onUnprintable: (job) => void told.unprintable.push(job),
    onStoreFault: (fault) => void told.faults.push(fault),
    setTimer: (task, delayMs) => {
      const set = { task, delayMs };
      timer = set;
      return {
        cancel: () => {
          if (timer === set) timer = null;
        },
      };
    },
  });
  return {
    queue,
    told,
    posted,
    /** What the devices were given to print, in order. */
    printed: () => posted.flatMap((one) => (one.type === 'print' ? [one.outputId] : [])),
    ready: (outputId: number) => queue.receive({ type: 'print.ready', outputId }),
    progress: (outputId: number, progress: PrintProgress) =>
      queue.receive({ type: 'print.progress', outputId, progress }),
    /** Rings the timer that is set, and gives its delay. */
    ring(): number | null {
      const set = timer;
      timer = null;
      set?.task();
      return set?.delayMs ?? null;
    },
  };
}

const CONFIRMED = { state: 'confirmed', ackLevel: 'processId' } as const;
const OFFLINE = { state: 'blocked', reason: 'offline' } as const;
const UNPRINTABLE: PrintProgress = {
  state: 'unknown',
  error: { code: 'failure', detail: 'cannot be laid out' },
  reach: 'part-sent',
};

describe('200 questions that nobody answered', () => {
  it('hold up neither the drawer nor a receipt, and what waits is counted', () => {
    const db = databaseWithSales(201);
    transaction(db, () => {
      for (let seq = 1; seq <= 200; seq += 1) {
        setPrintJobState(db, addReceipt(db, seq), 'unknown');
      }
    });
    const { queue, printed, ready, progress } = startQueue(db);
    const receipt = addReceipt(db, 201);
    const drawer = addDrawer(db);
    queue.nudge();
    expect(queue.view()).toMatchObject({ waitingCount: 2, question: { jobId: 1 } });
    for (const jobId of [drawer, receipt]) {
      expect(printed().at(-1)).toBe(jobId);
      ready(jobId);
      progress(jobId, CONFIRMED);
    }
    expect(queue.view().waitingCount).toBe(0);
  });
});

/** A receipt whose question stands, and the queue that asks it. */
function asked(document: string) {
  const db = databaseWithSales(1);
  const jobId = addReceipt(db, 1, document);
  const started = startQueue(db);
  started.queue.nudge();
  started.ready(jobId);
  const error = { code: 'offline', detail: '' } as const;
  started.progress(jobId, { state: 'unknown', error, reach: 'all-sent' });
  const question = started.queue.view().question;
  expect(question).toMatchObject({ jobId, reach: 'all-sent' });
  return { ...started, db, jobId, question };
}

describe('an answer that cannot be written down', () => {
  it('"no" on a full disk keeps the question, says so, and can be given again', () => {
    const { db, jobId, queue, told, question } = asked(LARGE_DOCUMENT);
    fillDisk(db);
    const error = { code: 'store-unavailable', args: { fault: 'disk-full' } };
    expect(queue.answer(jobId, false)).toEqual({ ok: false, error });
    expect(told.faults).toEqual(['disk-full']);
    expect(queue.view()).toMatchObject({ waitingCount: 0, question });
    expect(queue.reprint(1, 'receipt')).toEqual({ ok: false, error });
    connectionOf(db).pragma('max_page_count = 1000000');
    expect(queue.answer(jobId, false)).toMatchObject({ ok: true });
    expect(stateOf(db, jobId)).toBe('cancelled');
    expect(openPrintJobs(db)).toMatchObject([{ seq: 1, copyNumber: 1, state: 'checking' }]);
    expect(queue.answer(jobId, false)).toMatchObject({ error: { code: 'print-job-unknown' } });
  });

  it('"yes" on a disk that takes nothing keeps the question too', () => {
    const { db, jobId, queue, question } = asked(DOCUMENT);
    setReadOnly(db, true);
    const error = { code: 'store-unavailable', args: { fault: 'read-only' } };
    expect(queue.answer(jobId, true)).toEqual({ ok: false, error });
    expect(queue.view().question).toEqual(question);
    setReadOnly(db, false);
    expect(queue.answer(jobId, true)).toMatchObject({ ok: true });
    expect(stateOf(db, jobId)).toBe('confirmed');
  });

  it('a kill between question and copy leaves the question', () => {
    const { db, jobId, queue } = asked(DOCUMENT);
    const connection = connectionOf(db);
    const folder = temporaryFolder();
    // A kill leaves what is in the files at that moment; what is not committed does not count.
    connection.function('keep_files', () => {
      for (const end of ['', '-wal']) {
        const from = `${connection.name}${end}`;
        if (existsSync(from)) copyFileSync(from, path.join(folder, `puan.sqlite${end}`));
      }
      return 1;
    });
    connection.exec(`CREATE TEMP TRIGGER before_copy BEFORE INSERT ON main.print_job
      BEGIN SELECT keep_files(); END`);
    expect(queue.answer(jobId, false)).toMatchObject({ ok: true });
    expect(openPrintJobs(db)).toMatchObject([{ copyNumber: 1 }]);
    const killed = openIn(folder);
    expect(openPrintJobs(killed)).toMatchObject([{ jobId, copyNumber: 0, state: 'unknown' }]);
  });
});

describe('a store that refuses a state', () => {
  it('of a receipt in checking: it prints once there is room, without a restart', () => {
    const db = databaseWithSales(2);
    const [first, second] = [addReceipt(db, 1), addReceipt(db, 2)];
    const { queue, told, posted, printed, ready, progress, ring } = startQueue(db);
    queue.nudge();
    setReadOnly(db, true);
    ready(first);
    expect(posted.at(-1)).toMatchObject({ type: 'print.send', maySend: false });
    progress(first, OFFLINE);
    expect(stateOf(db, first)).toBe('checking');
    // However often it tries meanwhile, it is told once, and nothing reaches the printer.
    for (let attempt = 0; attempt < 3; attempt += 1) expect(ring()).toBe(BLOCKED_RETRY_MS);
    expect(told.faults).toEqual(['read-only']);
    expect(printed()).toEqual([first]);
    setReadOnly(db, false);
    expect(ring()).toBe(BLOCKED_RETRY_MS);
    ready(first);
    expect(posted.at(-1)).toMatchObject({ type: 'print.send', maySend: true });
    progress(first, CONFIRMED);
    expect(printed()).toEqual([first, first, second]);
    expect(stateOf(db, first)).toBe('confirmed');
    setReadOnly(db, true);
    ready(second);
    expect(told.faults).toEqual(['read-only', 'read-only']);
  });

  it('of a receipt that was to begin: it is tried again by itself', () => {
    const db = databaseWithSales(1);
    const receipt = addReceipt(db, 1);
    const { queue, printed, ring } = startQueue(db);
    setReadOnly(db, true);
    queue.nudge();
    expect(printed()).toEqual([]);
    setReadOnly(db, false);
    expect(ring()).toBe(BLOCKED_RETRY_MS);
    expect(printed()).toEqual([receipt]);
  });

  it('of a drawer in checking: it is given up, told once, and never opened later', () => {
    const db = databaseWithSales(1);
    const { queue, told, printed, ready, progress, ring } = startQueue(db);
    const drawer = addDrawer(db);
    const receipt = addReceipt(db, 1);
    queue.nudge();
    setReadOnly(db, true);
    ready(drawer);
    progress(drawer, OFFLINE);
    expect(stateOf(db, drawer)).toBe('checking');
    setReadOnly(db, false);
    ring();
    expect(stateOf(db, drawer)).toBe('cancelled');
    expect(printed()).toEqual([drawer, receipt]);
    expect(told.drawers).toBe(1);
  });

  it('of a drawer that comes too late: told once, when it could be given up', () => {
    const db = databaseWithSales(1);
    const { queue, told, printed, ring } = startQueue(db);
    const drawer = addDrawer(db, TEST_NOW_MS - DRAWER_DELAY_MS_MAX - 1);
    const receipt = addReceipt(db, 1);
    setReadOnly(db, true);
    queue.nudge();
    for (let attempt = 0; attempt < 3; attempt += 1) ring();
    expect(told).toMatchObject({ faults: ['read-only'], drawers: 0 });
    setReadOnly(db, false);
    ring();
    expect(told.drawers).toBe(1);
    expect(stateOf(db, drawer)).toBe('cancelled');
    expect(printed()).toEqual([receipt]);
  });
});

describe('a drawer that waited in the devices process', () => {
  it('gets no leave to open once nobody stands there any more', () => {
    const db = databaseWithSales(1);
    const clock = { nowMs: TEST_NOW_MS };
    const { queue, told, posted, ready, progress } = startQueue(db, clock);
    const drawer = addDrawer(db);
    queue.nudge();
    clock.nowMs += DRAWER_DELAY_MS_MAX + 1;
    ready(drawer);
    expect(posted.at(-1)).toEqual({ type: 'print.send', outputId: drawer, maySend: false });
    progress(drawer, OFFLINE);
    expect(stateOf(db, drawer)).toBe('cancelled');
    expect(told.drawers).toBe(1);
  });
});

describe('a paper that the printer cannot print at all', () => {
  it('is given up and told, without a question; what waits behind it prints', () => {
    const db = databaseWithSales(2);
    const [first, second] = [addReceipt(db, 1), addReceipt(db, 2)];
    const { queue, told, printed, ready, progress, ring } = startQueue(db);
    queue.nudge();
    progress(first, { state: 'checking' });
    progress(first, UNPRINTABLE);
    expect(told.unprintable).toMatchObject([{ jobId: first, seq: 1 }]);
    expect(printJobById(db, first)).toMatchObject({ state: 'cancelled', reason: 'failure' });
    expect(printed()).toEqual([first, second]);
    ready(second);
    progress(second, CONFIRMED);
    expect(queue.view()).toMatchObject({ waitingCount: 0, question: null, state: 'ready' });
    expect(ring()).toBeNull();
    // For another printer it can be printed again, as a copy.
    expect(queue.reprint(1, 'receipt')).toEqual({ ok: true, value: 1 });
  });

  it('is asked about where the devices had been told to send', () => {
    const db = databaseWithSales(2);
    const [first, second] = [addReceipt(db, 1), addReceipt(db, 2)];
    const { queue, told, printed, ready, progress } = startQueue(db);
    queue.nudge();
    ready(first);
    progress(first, UNPRINTABLE);
    expect(told.unprintable).toEqual([]);
    expect(queue.view().question).toMatchObject({ jobId: first, reach: 'part-sent' });
    expect(printed()).toEqual([first, second]);
  });

  it('stays where the store cannot say so, and is told once it can', () => {
    const db = databaseWithSales(1);
    const receipt = addReceipt(db, 1);
    const { queue, told, printed, progress, ring } = startQueue(db);
    queue.nudge();
    setReadOnly(db, true);
    progress(receipt, UNPRINTABLE);
    expect(told).toMatchObject({ faults: ['read-only'], unprintable: [] });
    // Not at once, again and again.
    expect(printed()).toEqual([receipt]);
    setReadOnly(db, false);
    expect(ring()).toBe(BLOCKED_RETRY_MS);
    progress(receipt, UNPRINTABLE);
    expect(told.unprintable).toMatchObject([{ jobId: receipt }]);
    expect(stateOf(db, receipt)).toBe('cancelled');
  });
});
