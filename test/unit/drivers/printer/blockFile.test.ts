// Goal: a shop's file of escpos commands prints as it is now, leaves nothing behind it, and does a
// receipt no harm. Method: real files, each good or with one fault; their bytes, and rows of paper.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customBytesOf } from '#drivers/printer/bridge/blockFile.ts';
import { restoreBytes } from '#drivers/printer/bridge/bridgeBlock.ts';
import type { Block, ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import { layoutReceipt, previewReceipt } from '#drivers/printer/paper/layout.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { splitJob } from '#drivers/printer/parts.ts';

const profile = printerProfileById('epson-80');
if (profile === null) throw new Error('a profile');
const bold: Block = { type: 'text', text: 'Total', align: 'left', bold: true, scale: 2 };
const thanks: Block = { type: 'text', text: 'Thanks', align: 'left', bold: false, scale: 1 };

const hang =
  'const hang = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);';
const port = `${hang} require('node:worker_threads').parentPort`;
const later = `${port}.postMessage = () => process.nextTick(() => { throw null; });`;

describe('a file of escpos commands', () => {
  let folder = '';
  let file = '';
  const log: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'puan-block-'));
    file = join(folder, 'receipt-block.cjs');
    log.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const documentOf = (): ReceiptDocument => ({
    version: 1,
    language: 'en',
    blocks: [bold, { type: 'custom', file }, thanks],
  });
  const made = () =>
    customBytesOf({ kind: 'document', document: documentOf() }, (event, detail) =>
      log.push(`${event} ${detail}`),
    );
  async function receipt() {
    if (profile === null) throw new Error('a profile');
    const encoded = encodeReceipt(layoutReceipt(documentOf(), 48), profile, await made());
    if (!encoded.ok) throw new Error(encoded.error.code);
    return encoded.value;
  }

  it('stands between resets, on rows of its own', async () => {
    const style = String.raw`printer.align('CT').spacing(2).print('\x1bE\x01')`;
    const commands = `${style}.pureText('Hello')`;
    writeFileSync(file, `module.exports = (printer) => { ${commands} };`);
    const { bytes, missing } = await receipt();
    const wanted = Buffer.from([
      ...restoreBytes,
      ...[0x1b, 0x61, 1, 0x1b, 0x20, 2, 0x1b, 0x45, 1, ...Buffer.from('Hello\n')],
      ...restoreBytes,
      ...Buffer.from('Thanks'),
    ]);
    expect(Buffer.from(bytes).includes(wanted)).toBe(true);
    expect(missing).toEqual([]);
    expect(log).toEqual([]);
    expect(splitJob(bytes).every(({ isWhole }) => isWhole)).toBe(true);
  });

  it.each([
    ['text', "printer.text('a')", 'a\n'],
    ['a feed', "printer.pureText('a').feed(2)", 'a\n\n'],
    ['a feed by its bytes', String.raw`printer.print('a\x1bd\x03')`, 'a\x1bd\x03'],
    ['a letter', String.raw`printer.print('\x1bd\x03a')`, '\x1bd\x03a\n'],
  ])('that ends with %s has ended its row', async (_what, commands, printed) => {
    writeFileSync(file, `module.exports = (printer) => { ${commands} };`);
    const bytes = Buffer.from((await made()).get(file) ?? []);
    const body = bytes.subarray(restoreBytes.length, -restoreBytes.length);
    expect(body.toString('latin1')).toBe(printed);
  });

  it('is read again for each receipt', async () => {
    for (const word of ['one', 'two']) {
      writeFileSync(file, `module.exports = (printer) => { printer.text('${word}') };`);
      expect(Buffer.from((await receipt()).bytes).includes(`${word}\n`)).toBe(true);
    }
  });

  it.each([
    ['is gone', null, 'Cannot find module'],
    ['is no JavaScript', 'module.exports = (', 'Unexpected end'],
    ['exports no function', 'module.exports = {}', 'exports no function'],
    ['throws', 'module.exports = () => { throw new Error("no network") }', 'no network'],
    ['throws when it is read', 'throw new Error("at once")', 'at once'],
    ['never ends', 'module.exports = () => { for (;;); }', 'did not end within 2000 ms'],
    [
      'never ends once it waited',
      'module.exports = async () => { await null; for (;;); }',
      'did not end within 2000 ms',
    ],
    ['ends the program', 'module.exports = () => { process.exit(0) }', 'ended its thread'],
    ['fills the memory', 'const all = []; for (;;) all.push(Array(1e6).fill(7))', 'memory limit'],
    ['throws null behind its own back', `${later} module.exports = hang`, 'null'],
    ['sends null', `${port}.postMessage(null); module.exports = hang`, 'something else than rows'],
    [
      'sends no bytes',
      `${port}.postMessage({ ok: true, value: 'x' }); module.exports = hang`,
      'something else than rows',
    ],
    ['is async', 'module.exports = async () => { throw new Error("later") }', 'async'],
    [
      'prints an old code',
      'module.exports = (printer) => { printer.qrcode("x") }',
      'qrcode is refused; use a QR block of the receipt',
    ],
    [
      'hides a real-time command',
      String.raw`module.exports = (printer) => { printer.print('\x1bd\x10\x04\x01') }`,
      'is refused; use a block of the receipt',
    ],
  ])('that %s leaves the receipt whole, and the log says why', async (_what, source, why) => {
    if (source !== null) writeFileSync(file, source);
    const { bytes, missing } = await receipt();
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toContain('Total');
    expect(text).toContain('Thanks');
    expect(missing).toEqual(['receipt-block.cjs']);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(`receipt-block.left-out file=${file} `);
    expect(log[0]).toContain(why);
    expect(log[0]).not.toContain('\n');
  });

  it('stands in a preview by its name, and not by its folder', () => {
    const shown = JSON.stringify(previewReceipt(documentOf(), 48));
    expect(shown).toContain('[receipt-block.cjs]');
    expect(shown).not.toContain(folder);
  });
});
