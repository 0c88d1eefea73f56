// Goal: every way a scanner ends a read gives one frame, and what is no read is named.
// Method: bytes and times by hand into the pure framer.
import { describe, expect, it } from 'vitest';
import { createFramer, type Framed, frameBytesMax } from '#drivers/scanner/serial/framer.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function texts(framed: readonly Framed[]): string[] {
  return framed.map((item) => (item.type === 'frame' ? item.text : JSON.stringify(item)));
}

describe('a frame', () => {
  it.each([
    ['CR', '4006381333931\r'],
    ['LF', '4006381333931\n'],
    ['CR LF', '4006381333931\r\n'],
    ['TAB', '4006381333931\t'],
    ['a doubled CR', '4006381333931\r\r'],
    ['STX and ETX', '\u00024006381333931\u0003'],
    ['STX, CR and ETX', '\u00024006381333931\r\u0003'],
  ])('ends with %s, once', (_name, sent) => {
    const framer = createFramer();
    expect(texts(framer.push(bytes(sent), 10))).toEqual(['4006381333931']);
    expect(framer.expiresAtMs()).toBeNull();
    expect(framer.tick(1000)).toEqual([]);
  });

  it('ends with 300 ms of silence when no suffix comes', () => {
    const framer = createFramer();
    expect(framer.push(bytes('29900'), 100)).toEqual([]);
    expect(framer.push(bytes('00017'), 350)).toEqual([]);
    expect(framer.expiresAtMs()).toBe(650);
    expect(framer.tick(649)).toEqual([]);
    expect(framer.tick(650)).toEqual([
      { type: 'frame', text: '2990000017', startedAtMs: 100, endedAtMs: 350 },
    ]);
    expect(framer.expiresAtMs()).toBeNull();
  });

  it('ends by silence even when the timer comes after the next byte', () => {
    const framer = createFramer();
    framer.push(bytes('111'), 0);
    expect(texts(framer.push(bytes('222\r'), 300))).toEqual(['111', '222']);
  });

  it('keeps GS and UTF-8, and gives two scans of one chunk as two', () => {
    const framer = createFramer();
    const sent = Buffer.from('8018952110123456700015\u001d801901\rGüneş\r');
    expect(texts(framer.push(sent, 0))).toEqual(['8018952110123456700015\u001d801901', 'Güneş']);
  });
});

describe('what is no frame', () => {
  it('is half a frame when the device goes away, and also when STX begins another', () => {
    const framer = createFramer();
    framer.push(bytes('40063'), 0);
    expect(framer.end()).toEqual([{ type: 'unreadable', reason: 'incomplete' }]);
    expect(framer.end()).toEqual([]);
    expect(texts(framer.push(bytes('4006\u0002123\u0003'), 40))).toEqual([
      '{"type":"unreadable","reason":"incomplete"}',
      '123',
    ]);
    framer.push(bytes('\u0002123'), 50);
    expect(framer.tick(350)).toEqual([{ type: 'unreadable', reason: 'incomplete' }]);
  });

  it('is too long once, and the next read is whole', () => {
    const framer = createFramer();
    expect(texts(framer.push(bytes(`${'7'.repeat(frameBytesMax)}\r`), 0))).toEqual([
      '7'.repeat(frameBytesMax),
    ]);
    const out = framer.push(bytes(`${'8'.repeat(10_000)}\r4006381333931\r`), 500);
    expect(texts(out)).toEqual(['{"type":"unreadable","reason":"too-long"}', '4006381333931']);
    expect(framer.push(bytes('8'.repeat(10_000)), 1000)).toHaveLength(1);
    expect(texts(framer.push(bytes('4006381333931\r'), 1300))).toEqual(['4006381333931']);
  });

  it.each([
    ['NUL', '\0\0\0'],
    ['0xFF', '\xff\xff'],
    ['a lost parity bit', '40\xb06\xb3'],
    ['a NUL inside', '4006\x00381333931'],
    ['an escape', '\u001b[A'],
  ])('is noise: %s', (_name, sent) => {
    const framer = createFramer();
    expect(texts(framer.push(bytes(`${sent}\r4006381333931\r`), 0))).toEqual([
      '{"type":"unreadable","reason":"noise"}',
      '4006381333931',
    ]);
  });

  it('is one report for one burst of noise, and another after silence', () => {
    const framer = createFramer();
    expect(framer.push(bytes('\0\r\0\r\xff\r\0'), 0)).toHaveLength(1);
    expect(framer.push(bytes('\r\0\r'), 200)).toHaveLength(0);
    expect(framer.push(bytes('\0\r'), 600)).toHaveLength(1);
  });
});
