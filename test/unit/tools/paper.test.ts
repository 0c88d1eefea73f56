// Goal: `npm run paper` draws any print job and says what is wrong with what is none. Method: its
// own main on files in a temporary folder.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '#tools/paper.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'puan-paper-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: readonly number[] | string): string {
  const file = join(folder, name);
  writeFileSync(file, typeof bytes === 'string' ? bytes : Uint8Array.from(bytes));
  return file;
}

describe('paper', () => {
  it('writes text and picture beside the file', async () => {
    const turkish = [0x1b, 0x40, 0x1b, 0x74, 48, 0xde, 0xf0, 0xfd, 0xdd, 0x20, 0x80, 0x0a];
    const file = write('job.bin', [...turkish, 0x1d, 0x56, 0x42, 0x00]);
    expect(await main([file])).toBe(0);
    expect(readFileSync(join(folder, 'job.txt'), 'utf8')).toBe('Şğıİ €\n[partial cut]\n');
    expect(readFileSync(join(folder, 'job.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('draws pictures in both forms', async () => {
    const raster = [0x1d, 0x76, 0x30, 0, 1, 0, 2, 0, 0xf0, 0x0f];
    const column = [0x1b, 0x2a, 33, 2, 0, 1, 2, 3, 4, 5, 6, 0x0a];
    const file = write('pictures.bin', [...raster, ...column]);
    expect(await main([file])).toBe(0);
    const text = readFileSync(join(folder, 'pictures.txt'), 'utf8');
    expect(text).toBe('[picture 8x2]\n▒\n');
  });

  it.each([
    ['a file that is not there', 'none.bin', null, 1],
    ['an empty file', 'empty.bin', '', 1],
    ['a file of another kind and size', 'large.bin', 'x'.repeat(4 * 1024 * 1024 + 1), 1],
  ] as const)('refuses %s', async (_, name, content, code) => {
    const file = content === null ? join(folder, name) : write(name, content);
    expect(await main([file])).toBe(code);
  });

  it('refuses a command line that it does not understand', async () => {
    expect(await main([])).toBe(2);
    expect(await main(['--printer'])).toBe(2);
    expect(await main([write('a.bin', 'a'), '--printer', 'none'])).toBe(2);
  });

  it('draws noise without ever failing', async () => {
    const noise = Array.from({ length: 4000 }, (_, index) => (index * 7919 + (index >> 3)) % 256);
    expect(await main([write('noise.bin', noise)])).toBe(0);
  });
});
