// Goal: every way a scanner ends a read gives one frame, and what is no read is named.
// Method: bytes and times by hand into the pure framer.
import { describe, expect, it } from 'vitest';
import {
  createFramer,
  type Framed,
  frameBytesMax,
  type Spoilt,
} from '#drivers/scanner/serial/framer.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** What the cashier hears of. */
function told(framed: readonly (Framed | Spoilt)[]): Framed[] {
  return framed.filter((item) => item.type !== 'spoilt');
}

function texts(framed: readonly (Framed | Spoilt)[]): string[] {
  return told(framed).map((item) => (item.type === 'frame' ? item.text : JSON.stringify(item)));
}

/** In the order in which they come: frames, reasons, and the end of what was spoilt. */
function words(framed: readonly (Framed | Spoilt)[]): string[] {
  return framed.map((item) => {
    if (item.type === 'frame') return item.text;
    return item.type === 'spoilt' ? 'spoilt' : item.reason;
  });
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
    expect(words(framer.tick(350))).toEqual(['incomplete', 'spoilt']);
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
    expect(told(framer.push(bytes('\0\r\0\r\xff\r\0'), 0))).toHaveLength(1);
    expect(told(framer.push(bytes('\r\0\r'), 200))).toHaveLength(0);
    expect(told(framer.push(bytes('\0\r'), 600))).toHaveLength(1);
  });
});

describe('one read is never two frames', () => {
  it('between STX and ETX, whatever line ends the symbol holds', () => {
    const framer = createFramer();
    const sent = '\u00024006381333931\r4006381333948\r4006381333955\u0003';
    expect(words(framer.push(bytes(sent), 0))).toEqual(['noise', 'spoilt']);
    expect(words(framer.push(bytes('\u000240\0\r4006381333931\u0003'), 500))).toEqual([
      'noise',
      'spoilt',
    ]);
  });

  it.each([0, 1, 19])('after one with an identifier, %i ms behind it', (gapMs) => {
    const framer = createFramer();
    expect(words(framer.push(bytes(']Q1hello\r4006'), 0))).toEqual([']Q1hello']);
    expect(words(framer.push(bytes('381333931\r'), 0))).toEqual(['noise']);
    expect(words(framer.push(bytes('4006381333948\r\0\r'), gapMs))).toEqual([]);
    expect(words(framer.push(bytes(']E04006381333955\r'), gapMs))).toEqual([']E04006381333955']);
  });

  it('but two with identifiers are two, and so is a later one without', () => {
    const framer = createFramer();
    const sent = ']E04006381333931\r\n]E04006381333948\r\n';
    expect(words(framer.push(bytes(sent), 0))).toEqual([']E04006381333931', ']E04006381333948']);
    expect(words(framer.push(bytes('4006381333955\r'), 20))).toEqual(['4006381333955']);
  });
});

describe('STX', () => {
  it('begins a frame, whatever noise came before it', () => {
    const framer = createFramer();
    const sent = '\0\u00024006381333931\u0003\r';
    expect(words(framer.push(bytes(sent), 0))).toEqual(['noise', '4006381333931']);
    const long = `${'8'.repeat(frameBytesMax + 1)}\u00024006381333931\u0003`;
    expect(words(framer.push(bytes(long), 500))).toEqual(['too-long', '4006381333931']);
  });

  it('with CR in place of ETX is a frame at the next STX, or where nothing comes at once', () => {
    const framer = createFramer();
    expect(framer.push(bytes('\u00021111\r'), 10)).toEqual([]);
    expect(framer.push(bytes('\u00022222\r\n'), 100)).toEqual([
      { type: 'frame', text: '1111', startedAtMs: 10, endedAtMs: 10 },
    ]);
    expect(framer.tick(119)).toEqual([]);
    expect(framer.tick(120)).toEqual([
      { type: 'frame', text: '2222', startedAtMs: 100, endedAtMs: 100 },
    ]);
  });
});

describe('a stray STX', () => {
  it('costs no scan that ends with CR', () => {
    const framer = createFramer();
    framer.push(bytes('\u0002'), 0);
    expect(framer.push(bytes('1111\r'), 50)).toEqual([]);
    expect(framer.push(bytes('2222\r'), 170)).toMatchObject([{ text: '1111' }, { text: '2222' }]);
  });
});

describe('the end of a spoilt frame', () => {
  it('is told for each of them, at its own end or at silence', () => {
    const framer = createFramer();
    expect(words(framer.push(bytes('400\0'), 0))).toEqual(['noise']);
    expect(words(framer.push(bytes('6\r'), 5))).toEqual(['spoilt']);
    expect(words(framer.push(bytes('40\xb06\r'), 50))).toEqual(['spoilt']);
    expect(words(framer.push(bytes('\0'), 60))).toEqual([]);
    expect(words(framer.tick(360))).toEqual(['spoilt']);
    expect(framer.expiresAtMs()).toBeNull();
  });
});
