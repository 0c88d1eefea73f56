// Goal: 0 of 100 receipts are printed twice unmarked, whatever the printer does, and the table says
// what became of each. Method: sales through core's print queue on the virtual printer, broken at a
// seeded place; a cashier answers each question as the paper is; full count by `test:long`.
import { afterAll, describe, expect, it } from 'vitest';
import { startVirtualPrinter, type VirtualPrinter } from '#drivers/virtual/printer.ts';
import type { PrinterFaults } from '#drivers/virtual/printerFaults.ts';
import { nextEvent } from '#test/support/printers.ts';
import { scaled, seededRandom } from '#test/support/runs.ts';
import { startTill, type TestTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import type { SessionSnapshot } from '#till/contract.ts';

const RUNS = scaled(100, 2);
/** Bytes and lines of the receipts below: a fault strikes somewhere in them. */
const BYTES = 900;
const LINES = 12;

type Random = () => number;

interface Fault {
  readonly name: string;
  /** Armed before the sale. */
  readonly faults: (random: Random) => Partial<PrinterFaults>;
  /** What a person does at the printer once it stands still. */
  readonly mend: ((printer: VirtualPrinter) => void) | null;
}

const somewhere = (random: Random, count: number) => 1 + Math.floor(random() * count);

const cases: readonly Fault[] = [
  {
    name: 'paper out',
    faults: (random) => ({ paperEndAtLine: somewhere(random, LINES) }),
    mend: (printer) => printer.set({ isPaperOut: false }),
  },
  {
    name: 'cover open',
    faults: (random) => ({ coverOpenAtByte: somewhere(random, BYTES) }),
    mend: (printer) => printer.set({ isCoverOpen: false }),
  },
  {
    name: 'reset (RST)',
    faults: (random) => ({ dropAfterBytes: { count: somewhere(random, BYTES), how: 'reset' } }),
    mend: null,
  },
  {
    name: 'closed (FIN)',
    faults: (random) => ({ dropAfterBytes: { count: somewhere(random, BYTES), how: 'fin' } }),
    mend: null,
  },
  {
    name: 'power cut',
    faults: (random) => ({ powerCutAtLine: somewhere(random, LINES) }),
    mend: null,
  },
  {
    name: 'power cut while paper is out',
    faults: (random) => ({ paperEndAtLine: somewhere(random, LINES) }),
    mend: (printer) => {
      printer.powerCycle();
      printer.set({ isPaperOut: false });
    },
  },
  { name: 'stall', faults: (random) => ({ stallMs: somewhere(random, 100) }), mend: null },
  { name: 'late status', faults: () => ({ isLate: true }), mend: null },
];

interface Row {
  runs: number;
  once: number;
  copies: number;
  asked: number;
  none: number;
  twice: number;
}

const table = new Map<string, Row>();

interface Desk {
  readonly till: TestTill;
  readonly printer: VirtualPrinter;
}

async function openDesk(): Promise<Desk & { close(): Promise<void> }> {
  const printer = await startVirtualPrinter();
  const dataFolder = temporaryFolder();
  const { address } = printer;
  setUpDemo(dataFolder, { printer: { address, profileId: 'epson-80' } }, { nowMs: Date.now() });
  const till = await startTill(dataFolder);
  const detach = till.attachDevices();
  return {
    till,
    printer,
    async close() {
      detach();
      await till.close();
      await printer.close();
    },
  };
}

const isSettled = ({ printer }: SessionSnapshot) =>
  printer.waitingCount === 0 || printer.question !== null;

function papersOf(printer: VirtualPrinter, name: string): { unmarked: number; copies: number } {
  const papers = printer.papers().filter((text) => text.includes(name));
  const copies = papers.filter((text) => text.includes('COPY')).length;
  return { unmarked: papers.length - copies, copies };
}

/** Sells, lets the fault strike, and answers as whoever looks at the paper would. */
async function sellThrough({ till, printer }: Desk, fault: Fault, random: Random, name: string) {
  const stopped = nextEvent(printer, 'stopped');
  printer.set(fault.faults(random));
  await till.channel.call('basket.addAmount', { amountMinor: 250, name });
  await till.pay('card');
  const { mend } = fault;
  if (mend !== null) {
    const isBeforeEnd = await Promise.race([
      stopped.then(() => true),
      till.until(isSettled).then(() => false),
    ]);
    if (isBeforeEnd) mend(printer);
  }
  let questions = 0;
  for (;;) {
    const { question } = (await till.until(isSettled)).printer;
    if (question === null) break;
    questions += 1;
    const { unmarked, copies } = papersOf(printer, name);
    const cameOut = question.copyNumber === 0 ? unmarked > 0 : copies > 0;
    await till.channel.call('print.answer', { jobId: question.jobId, cameOut });
  }
  printer.set({ paperEndAtLine: null, coverOpenAtByte: null, dropAfterBytes: null, isLate: false });
  printer.set({ powerCutAtLine: null, stallMs: 0, isPaperOut: false, isCoverOpen: false });
  return questions;
}

describe('printed at most once unmarked', () => {
  it.each(cases)(
    `$name: ${RUNS} receipts, none lost, none twice unmarked`,
    async (fault) => {
      const random = seededRandom(`print once ${fault.name}`);
      const row: Row = { runs: 0, once: 0, copies: 0, asked: 0, none: 0, twice: 0 };
      table.set(fault.name, row);
      const desk = await openDesk();
      const names: string[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const name = `Sale-${run}-`;
        names.push(name);
        row.asked += await sellThrough(desk, fault, random, name);
      }
      // All at the end: a paper that came later than its question counts as well.
      for (const name of names) {
        const { unmarked, copies } = papersOf(desk.printer, name);
        row.runs += 1;
        row.once += unmarked === 1 ? 1 : 0;
        row.twice += unmarked > 1 ? 1 : 0;
        row.copies += copies;
        row.none += unmarked + copies === 0 ? 1 : 0;
      }
      await desk.close();
      expect(row).toMatchObject({ runs: RUNS, twice: 0, none: 0 });
    },
    600_000,
  );
});

afterAll(() => {
  const lines = [...table].map(
    ([name, row]) =>
      `${name.padEnd(30)} ${[row.runs, row.once, row.asked, row.copies, row.none, row.twice]
        .map((count) => String(count).padStart(6))
        .join(' ')}`,
  );
  const head = `${'printer'.padEnd(30)}   runs   once  asked copies   none  twice unmarked`;
  process.stdout.write(`${[head, ...lines].join('\n')}\n`);
});
