// Goal: no byte that leaves for a printer is a mistake. Method: our own strict walker, whose table
// is neither the encoder's nor the virtual printer's, reads every receipt, slip and job of every
// profile and language; then it is shown that it refuses damaged ones.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { drawerPulse } from '#drivers/printer/paper/encode.ts';
import { type PrinterProfile, printerProfiles } from '#drivers/printer/paper/profiles.ts';
import { codePageRows, testSlip } from '#drivers/printer/paper/testSlip.ts';
import { flushBytes, outputBytes, prepareJob } from '#drivers/printer/prepare.ts';
import { nextToken } from '#drivers/virtual/commands.ts';
import { sampleReceipt } from '#test/support/receipts.ts';
import { walkJob } from '#test/support/walker.ts';

const samples = (['tr', 'de', 'en', 'ar'] as const).map((language) => sampleReceipt(language));
const folder = new URL('documents/', import.meta.url);
const stored = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ReceiptDocument);

function encode(document: ReceiptDocument, profile: PrinterProfile): Uint8Array {
  const bytes = outputBytes({ kind: 'document', document }, profile);
  if (bytes === null) throw new Error(`${profile.profileId} cannot say this`);
  return bytes;
}

const named = printerProfiles.map((profile) => ({ profileId: profile.profileId, profile }));

describe('the walker', () => {
  it.each(named)('finds nothing wrong with any receipt on $profileId', ({ profile }) => {
    for (const document of [...samples, ...stored]) {
      const bytes = encode(document, profile);
      expect(walkJob(bytes, profile)).toBeNull();
      const job = prepareJob({
        outputId: 1604,
        bytes,
        ackLevel: 'processId',
        flushCount: flushBytes(profile),
        mayWait: true,
      });
      const sent = Buffer.concat(job.parts.map((part) => part.bytes));
      expect(walkJob(sent, profile)).toBeNull();
    }
  });

  it.each(named)('finds nothing wrong with the test slips on $profileId', ({ profile }) => {
    for (const test of ['ruler', 'cut'] as const) {
      expect(walkJob(testSlip(test, profile), profile)).toBeNull();
    }
    // The code-page slip tries the numbers of every maker, whatever this printer makes of them.
    const tried = [...codePageRows()].reverse().map(({ number, page }) => [number, page] as const);
    const pages = new Map<number, string>([
      ...Object.entries(profile.pages).map(([page, number]) => [number, page] as const),
      ...tried,
    ]);
    expect(walkJob(testSlip('codePages', profile), profile, pages)).toBeNull();
    expect(walkJob(drawerPulse, profile)).toBeNull();
  });

  it('agrees with the parts of a job on where commands end', () => {
    for (const { profile } of named) {
      for (const document of samples) {
        const bytes = encode(document, profile);
        const ends = new Set<number>();
        let longest = 0;
        for (let at = 0; at < bytes.length; ) {
          const token = nextToken(bytes, at);
          if (token === null) throw new Error('a job that ends inside a command');
          at += token.type === 'text' ? 1 : token.bytes.length;
          if (token.type === 'command') longest = Math.max(longest, token.bytes.length);
          ends.add(at);
        }
        // A command cut off anywhere is ended by what stands before the next job.
        expect(longest).toBeLessThanOrEqual(flushBytes(profile));
        const wanted = { outputId: 1, bytes, flushCount: 0, mayWait: true };
        const { parts } = prepareJob({ ...wanted, ackLevel: 'none' });
        let at = 0;
        for (const part of parts) {
          at += part.bytes.length;
          expect(part.bytes.length).toBeLessThanOrEqual(4096);
          if (part.isWhole) expect(ends.has(at)).toBe(true);
        }
        expect(at).toBe(bytes.length);
        // A table that knows a command less would ask the printer nothing from there on.
        expect(parts.at(-1)?.isWhole).toBe(true);
      }
    }
  });

  it.each([
    ['an unknown command', [0x1b, 0x40, 0x1b, 0x35], 2],
    ['text behind no page', [0x1b, 0x40, 0x41, 0xe0, 0x0a], 3],
    ['a euro sign through cp857', [0x1b, 0x40, 0x1b, 0x74, 13, 0xd5, 0x0a], 5],
    ['a page of another maker', [0x1b, 0x40, 0x1b, 0x74, 91], 2],
    ['a drawer pulse without its times', [0x1b, 0x70, 0, 0x1b, 0x70, 1], 5],
    ['a bar code without a code set', [0x1d, 0x6b, 73, 3, 0x41, 0x42, 0x43], 0],
    ['a bar code without its length', [0x1d, 0x6b, 73, 0x41, 0x42, 0x43, 0x00], 0],
    ['a module width that no printer has', [0x1d, 0x77, 1], 0],
    ['a cut in a line', [0x1b, 0x40, 0x41, 0x1d, 0x56, 0x42, 0], 3],
    ['alignment in a line', [0x1b, 0x40, 0x41, 0x1b, 0x61, 1], 3],
    ['a line that is too long', [...new Array<number>(49).fill(0x41), 0x0a], 48],
    ['a symbol that was not stored', [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30], 0],
    ['a real-time command in a picture', [0x1b, 0x2a, 0, 3, 0, 0x10, 0x04, 0x01, 0x0a], 5],
    ['a picture that ends too early', [0x1d, 0x76, 0x30, 0, 1, 0, 9, 0, 0xff], 0],
    ['a last line without its end', [0x41], 1],
  ])('refuses %s', (_name, bytes, offset) => {
    const profile = printerProfiles.find(({ profileId }) => profileId === 'epson-80');
    if (profile === undefined) throw new Error('epson-80');
    expect(walkJob(Uint8Array.from(bytes), profile)?.offset).toBe(offset);
  });
});
