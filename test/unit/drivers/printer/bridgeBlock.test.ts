// Goal: a block written with escpos's commands prints as written, and nothing broken comes through.
// Method: escpos's own Printer runs; every one of its methods is tried, and its bytes are read.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type BlockPrinter,
  customBlock,
  refusedMethods,
} from '#drivers/printer/bridge/bridgeBlock.ts';
import { projectFolder } from '#tools/project.ts';

/** What a block appends: bold, underline, size, reverse, side, spacing and font as they were. */
const restored = [
  ...[0x1b, 0x45, 0, 0x1b, 0x2d, 0, 0x1d, 0x21, 0, 0x1d, 0x42, 0],
  ...[0x1b, 0x61, 0, 0x1b, 0x20, 0, 0x1b, 0x32, 0x1b, 0x4d, 0],
];

async function bytesOf(build: (printer: BlockPrinter) => void): Promise<number[]> {
  const block = await customBlock(build);
  if (!block.ok) throw new Error(`${block.error.command}: ${block.error.instead}`);
  return [...block.value];
}

/** As a shop's JavaScript calls it: without our types. */
function callBy(name: string, ...args: readonly unknown[]): (printer: BlockPrinter) => void {
  return (printer) => {
    const method: unknown = Reflect.get(printer, name);
    if (typeof method === 'function') Reflect.apply(method, printer, args);
  };
}

describe('a block in escpos commands', () => {
  it('gives the bytes of what works', async () => {
    const bytes = await bytesOf((printer) => {
      printer.align('CT').font('B').text('Hello').align('LT');
      printer.pureText('a').newLine().feed(2).print('\x1d!\x11').println('big');
      printer.spacing(2).spacing().lineSpace(40).lineSpace().setReverseColors(true);
    });
    const expected = [
      ...[0x1b, 0x61, 1, 0x1b, 0x4d, 1, ...Buffer.from('Hello\n'), 0x1b, 0x61, 0],
      ...[...Buffer.from('a\n\n\n'), 0x1d, 0x21, 0x11, ...Buffer.from('big\n')],
      ...[0x1b, 0x20, 2, 0x1b, 0x20, 0, 0x1b, 0x33, 40, 0x1b, 0x32, 0x1d, 0x42, 0x31],
    ];
    expect(bytes).toEqual([...expected, ...restored]);
  });

  it('leaves the printer as it was', async () => {
    expect(await bytesOf((printer) => void printer.print('\x1bE\x01'))).toEqual([
      ...[0x1b, 0x45, 1],
      ...restored,
    ]);
  });

  it.each(Object.keys(refusedMethods))('refuses %s and names what to use', async (name) => {
    const block = await customBlock(callBy(name, 'M', 'M', 'M'));
    const instead = refusedMethods[name];
    expect(block).toEqual({ ok: false, error: { code: 'refused', command: name, instead } });
  });

  it('knows every method of escpos as good or refused', async () => {
    const escpos: unknown = createRequire(import.meta.url)('escpos');
    const printer: unknown = Reflect.get(Object(escpos), 'Printer');
    const names = Object.keys(Object(Reflect.get(Object(printer), 'prototype')));
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) {
      const isRefused = name in refusedMethods;
      const block = await customBlock(callBy(name, 'A', undefined));
      const wasRefused = !block.ok && block.error.command === name;
      expect(wasRefused, name).toBe(isRefused);
    }
  });

  it('refuses them where the shop catches the error too', async () => {
    const block = await customBlock((printer) => {
      try {
        callBy('cashdraw', 2)(printer);
      } catch {
        // As a shop's code may.
      }
      printer.text('goes on');
    });
    expect(block).toMatchObject({ ok: false, error: { code: 'refused', command: 'cashdraw' } });
  });

  it.each([
    ['a letter without a code page', 'Kadıköy'],
    ['a real-time question', '\x10\x04\x01'],
    ['a drawer pulse', '\x1bp\x00\x19\xfa'],
    ['a cut', '\x1dV\x00'],
    ['an initialisation', '\x1b@'],
    ['the size that wipes bold', '\x1b!\x30'],
    ['half a command', 'a\x1bE'],
    ['an escape at the end', 'a\x1b'],
    ['a NUL', '\x00'],
  ])('refuses %s in raw bytes', async (_what, text) => {
    const block = await customBlock((printer) => void printer.print(text));
    expect(block).toMatchObject({ ok: false, error: { code: 'refused' } });
  });

  it.each(['text', 'pureText'])('%s takes ASCII and no encoding', async (name) => {
    expect(await customBlock(callBy(name, 'Kadıköy'))).toMatchObject({
      ok: false,
      error: { code: 'refused', instead: refusedMethods['encode'] },
    });
    expect(await customBlock(callBy(name, 'a', 'cp857'))).toMatchObject({
      ok: false,
      error: { code: 'refused', command: 'encode' },
    });
  });

  it('says what the shop’s own code threw', async () => {
    const block = await customBlock(() => {
      throw new Error('no such customer');
    });
    expect(block).toEqual({
      ok: false,
      error: { code: 'failed', command: 'build', instead: 'no such customer' },
    });
  });

  it('refuses a block that is too long', async () => {
    const block = await customBlock((printer) => void printer.text('a'.repeat(20_000)));
    expect(block).toMatchObject({ ok: false, error: { code: 'refused' } });
  });
});

describe('the package escpos', () => {
  /** The source files of a folder, relative to the checkout. */
  function sourcesOf(folder: string): string[] {
    return readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
  }

  it('is loaded by the bridge alone, and only when it is needed', () => {
    const folders = ['drivers', 'till', 'electron', 'renderer', 'loyalty', 'db', 'sync', 'tools'];
    const files = folders.flatMap(sourcesOf);
    expect(files.length).toBeGreaterThan(200);
    const readers = files.filter((file) =>
      /(from|import\(|require\(|module)\s*['"]escpos['"]/.test(
        readFileSync(path.join(projectFolder, file), 'utf8'),
      ),
    );
    expect(readers).toEqual([
      'drivers/printer/bridge/bridgeBlock.ts',
      'drivers/printer/bridge/bridgeEscpos.d.ts',
    ]);
    const bridge = readFileSync(
      path.join(projectFolder, 'drivers/printer/bridge/bridgeBlock.ts'),
      'utf8',
    );
    expect(bridge).toContain("() => import('escpos')");
    expect(bridge).not.toMatch(/^import .*'escpos'/m);
  });

  it('brings none of its vulnerable packages', () => {
    const lock: unknown = JSON.parse(
      readFileSync(path.join(projectFolder, 'package-lock.json'), 'utf8'),
    );
    const packages = Object.keys(Object(Reflect.get(Object(lock), 'packages')));
    expect(packages).toContain('node_modules/escpos');
    const names = ['request', 'har-validator', 'tough-cookie', 'node-bitmap', 'nan', 'bindings'];
    for (const name of names) {
      expect(
        packages.filter((one) => one.endsWith(`node_modules/${name}`)),
        name,
      ).toEqual([]);
    }
    const load = createRequire(import.meta.url);
    for (const name of ['usb', 'node-bluetooth']) {
      expect(() => load(name), name).toThrow('is not carried');
    }
    let refusal: unknown = null;
    load('get-pixels')('http://127.0.0.1/logo.png', (error: unknown) => {
      refusal = error;
    });
    expect(String(refusal)).toContain('put the logo into the receipt');
  });
});
