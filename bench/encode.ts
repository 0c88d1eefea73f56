// Owns bench (f): from a stored receipt to the bytes for the printer, beside the encoder package.
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import { percentile } from '#bench/window.ts';
import type { Block, ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import { layoutReceipt } from '#drivers/printer/paper/layout.ts';
import { type PrinterProfile, printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { assert } from '#loyalty/assert.ts';

const RUNS = 500;
const PEER_RUNS = 100;
const BAR_MS = 5;
/** As in the measurement that the bar comes from: twelve items. */
const ITEMS = 12;

function receipt(language: 'tr' | 'ar'): ReceiptDocument {
  const [name, total, unit] =
    language === 'tr'
      ? ['Zeytinyağı sızma 750 ml', 'TOPLAM', '₺']
      : ['حليب طازج', 'المجموع', 'ر.س'];
  const text = (content: string): Block => ({
    type: 'text',
    text: content,
    align: 'center',
    bold: false,
    scale: 1,
  });
  const items = Array.from(
    { length: ITEMS },
    (_, index): Block => ({
      type: 'table',
      bold: false,
      cells: [
        { text: `${name} ${index}`, width: 'flex', align: 'left' },
        { text: `${index + 1},50`, width: 10, align: 'right' },
        { text: `+${index}p`, width: 6, align: 'right' },
      ],
    }),
  );
  const blocks: Block[] = [
    { type: 'text', text: 'Ada Market — Kadıköy', align: 'center', bold: true, scale: 2 },
    text('Moda Cad. 12, 34710 İstanbul'),
    { type: 'space' },
    ...items,
    { type: 'rule' },
    { type: 'columns', left: total, right: `84,00 ${unit}`, bold: true },
    ...Array.from({ length: 6 }, (_, index) => text(`Kazanılan puan: ${index}`)),
    { type: 'qr', data: 'https://p.example/r/Zk3vQ9xB7mT1' },
    { type: 'barcode', symbology: 'code128', data: '00100700000183' },
  ];
  return { version: 1, language, blocks };
}

function measure(count: number, work: () => void): number[] {
  work();
  return Array.from({ length: count }, () => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
}

/** The same rows through the package, set as it prints right everywhere. */
function encodeByPeer(document: ReceiptDocument, profile: PrinterProfile): void {
  const encoder = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: profile.columns,
    imageMode: 'raster',
    newline: '\n',
    feedBeforeCut: 0,
    codepageMapping: profile.pages,
    codepageCandidates: ['windows1254'],
  });
  encoder.initialize();
  for (const row of layoutReceipt(document, profile.columns)) {
    if (row.type === 'text') {
      for (const run of row.runs) {
        encoder.bold(run.bold).size(run.scale, run.scale).text(run.text);
      }
      encoder.newline();
    } else if (row.type === 'qr') encoder.qrcode(row.data, { model: 2, size: 6, errorlevel: 'm' });
  }
  encoder.encode();
}

export function benchEncode(): Promise<string> {
  const profile = printerProfileById('epson-80');
  const small = printerProfileById('zijiang-58');
  assert(profile !== null && small !== null, 'the profiles are there');
  const ours = (document: ReceiptDocument, printer: PrinterProfile) =>
    measure(RUNS, () => {
      encodeReceipt(layoutReceipt(document, printer.columns), printer);
    });
  const turkish = receipt('tr');
  const times = ours(turkish, profile);
  const arabic = percentile(ours(receipt('ar'), profile), 0.5);
  const drawn = percentile(ours(turkish, small), 0.5);
  const peer = percentile(
    measure(PEER_RUNS, () => encodeByPeer(turkish, profile)),
    0.5,
  );
  const p50 = percentile(times, 0.5);
  return Promise.resolve(
    `(f) encode a receipt of ${ITEMS} items, ${RUNS} times: p50 ${p50.toFixed(2)} ms, ` +
      `p95 ${percentile(times, 0.95).toFixed(2)} ms; in Arabic p50 ${arabic.toFixed(2)} ms; ` +
      `symbols drawn p50 ${drawn.toFixed(2)} ms; receipt-printer-encoder 4.0.1 p50 ` +
      `${peer.toFixed(1)} ms; ratio to the bar ${(p50 / BAR_MS).toFixed(2)} ` +
      `(bar p50 <= ${BAR_MS} ms: ${p50 <= BAR_MS ? 'met' : 'MISSED'})`,
  );
}

if (import.meta.main) console.log(await benchEncode());
