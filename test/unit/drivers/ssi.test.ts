// Goal: each SSI packet is answered, a message is booked once, and no garbage stops the line.
// Method: packets by hand and by an encoder of its own into the pure protocol, at given times.
import { describe, expect, it } from 'vitest';
import type { ProtocolEvent } from '#drivers/scanner/protocol.ts';
import { createSsiProtocol } from '#drivers/scanner/serial/ssi.ts';
import { encodeSsiPacket, encodeSsiScan } from '#drivers/virtual/ssiScanner.ts';

const ean = '4006381333931';
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

/** One packet of `value`, as the scanner sends it. */
function packetOf(value: string, codeType = 0x0b, status = 0): Uint8Array {
  return encodeSsiPacket(0xf3, status, Uint8Array.of(codeType, ...text(value)));
}

function said(events: readonly ProtocolEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'frame') return [event.text];
    if (event.type === 'unreadable') return [event.reason];
    if (event.type === 'retransmit') return ['retransmit'];
    if (event.type === 'read') return [];
    return [event.bytes[1] === 0xd0 ? 'ACK' : 'NAK'];
  });
}

describe('a packet', () => {
  it('has length, opcode, source, status, data and the two’s complement of their sum', () => {
    // 0x12 + 0xf3 + 0x0b + the digits' 0x29c are 0x3ac.
    const packet = Uint8Array.of(0x12, 0xf3, 0, 0, 0x0b, ...text(ean), 0xfc, 0x54);
    expect(packetOf(ean)).toEqual(packet);
    const protocol = createSsiProtocol();
    const events = protocol.push(packet, 100);
    expect(said(events)).toEqual(['ACK', `]E0${ean}`]);
    expect(events).toContainEqual({
      type: 'reply',
      bytes: Uint8Array.of(4, 0xd0, 4, 0, 0xff, 0x28),
    });
    expect(protocol.heldBytes()).toBe(0);
    expect(protocol.expiresAtMs()).toBeNull();
  });

  it.each([
    [0x03, ']C0'],
    [0x0a, ']E4'],
    [0x0f, ']C1'],
    [0x1c, ']Q0'],
    [0x4b, ']E3'],
    [0x7e, ''],
  ])('of code type %i is %s', (codeType, aim) => {
    expect(said(createSsiProtocol().push(packetOf('12345670', codeType), 0))).toEqual([
      'ACK',
      `${aim}12345670`,
    ]);
  });

  it('keeps the identifier that the scanner itself put before it, and GS', () => {
    const events = createSsiProtocol().push(packetOf(']Q3801\u001d8019', 0x1c), 0);
    expect(said(events)).toEqual(['ACK', ']Q3801\u001d8019']);
  });

  it('has no line ends, whatever the scanner adds, and no other control characters', () => {
    expect(said(createSsiProtocol().push(packetOf(`${ean}\r\n`), 0))).toEqual(['ACK', `]E0${ean}`]);
    expect(said(createSsiProtocol().push(packetOf('40\x006'), 0))).toEqual(['ACK', 'noise']);
    expect(said(createSsiProtocol().push(packetOf('caf\xe9', 0x1c), 0))).toEqual([
      'ACK',
      ']Q0café',
    ]);
  });

  it('of the scanner’s answers is not answered, one of its events is', () => {
    const protocol = createSsiProtocol();
    expect(protocol.push(encodeSsiPacket(0xd0, 0, text('')), 0)).toEqual([]);
    expect(protocol.push(encodeSsiPacket(0xd1, 0, Uint8Array.of(1)), 0)).toEqual([]);
    expect(said(protocol.push(encodeSsiPacket(0xf6, 0, Uint8Array.of(1)), 0))).toEqual(['ACK']);
  });
});

describe('sent again', () => {
  it('is booked once, when the answer was lost', () => {
    const protocol = createSsiProtocol();
    protocol.push(packetOf(ean), 0);
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 2000))).toEqual(['ACK', 'retransmit']);
  });

  it('is booked, when what came first was broken: also a second article of the kind', () => {
    const protocol = createSsiProtocol();
    expect(said(protocol.push(packetOf(ean).with(9, 0), 0))).toEqual(['NAK', 'noise']);
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 50))).toEqual(['ACK', `]E0${ean}`]);
    expect(said(protocol.push(packetOf(ean).with(9, 0), 1000))).toEqual(['NAK', 'noise']);
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 1050))).toEqual(['ACK', `]E0${ean}`]);
  });

  it('is booked, when a byte was lost and the line fell silent', () => {
    const protocol = createSsiProtocol();
    expect(protocol.push(packetOf(ean).subarray(0, 12), 0)).toEqual([]);
    expect(protocol.expiresAtMs()).toBe(300);
    expect(said(protocol.tick(300))).toEqual(['NAK', 'noise']);
    expect(protocol.expiresAtMs()).toBeNull();
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 2000))).toEqual(['ACK', `]E0${ean}`]);
  });

  it('is booked once, though stray bytes came before it', () => {
    const protocol = createSsiProtocol();
    protocol.push(packetOf(ean), 0);
    expect(said(protocol.push(text('\0'), 500))).toEqual(['noise']);
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 2000))).toEqual(['ACK', 'retransmit']);
    expect(said(protocol.push(text('\xff'.repeat(17)), 2500))).toEqual(['noise']);
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 4000))).toEqual(['ACK', 'retransmit']);
  });

  it.each([0, 1])('is booked, when byte %i of what came first was lost', (lost) => {
    const protocol = createSsiProtocol();
    protocol.push(packetOf(ean), 0);
    const broken = packetOf(ean).filter((_, at) => at !== lost);
    const words = [...protocol.push(broken, 500), ...protocol.tick(800), ...protocol.tick(1100)];
    expect(said(words)).toContain('noise');
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 2000))).toEqual(['ACK', `]E0${ean}`]);
    expect(said(protocol.push(packetOf(ean, 0x0b, 1), 4000))).toEqual(['ACK', 'retransmit']);
  });

  it('by another code is no repeat', () => {
    const protocol = createSsiProtocol();
    protocol.push(packetOf('1111'), 0);
    expect(said(protocol.push(packetOf('2222', 0x0b, 1), 2000))).toEqual(['ACK', ']E02222']);
  });
});

describe('a long message', () => {
  const long = 'https://example.org/8018/952110123456700015?'.repeat(20);

  it('is joined, with the code type in each packet or in the first alone', () => {
    const protocol = createSsiProtocol();
    const packets = encodeSsiScan(text(long), { codeType: 0x1c });
    expect(packets).toHaveLength(4);
    const events = packets.flatMap((packet, index) => protocol.push(packet, index * 50));
    expect(said(events)).toEqual(['ACK', 'ACK', 'ACK', 'ACK', `]Q0${long}`]);
    const first = packetOf('abc', 0x1c, 2);
    const second = encodeSsiPacket(0xf3, 0, text('def'));
    expect(said(protocol.push(Buffer.concat([first, second]), 900))).toEqual([
      'ACK',
      'ACK',
      ']Q0abcdef',
    ]);
  });

  it('is dropped after 500 ms, at an unplug, and when another code begins', () => {
    const protocol = createSsiProtocol();
    protocol.push(packetOf('abc', 0x1c, 2), 0);
    expect(protocol.expiresAtMs()).toBe(500);
    expect(said(protocol.tick(499))).toEqual([]);
    expect(said(protocol.tick(500))).toEqual(['incomplete']);
    protocol.push(packetOf('abc', 0x1c, 2), 1000);
    expect(said(protocol.push(packetOf(ean), 1100))).toEqual(['ACK', 'incomplete', `]E0${ean}`]);
    protocol.push(packetOf('abc', 0x1c, 2), 2000);
    expect(said(protocol.end())).toEqual(['incomplete']);
    expect(protocol.end()).toEqual([]);
  });

  it('of more than 4,096 bytes is too long, once, and the next is whole', () => {
    const protocol = createSsiProtocol();
    const packets = encodeSsiScan(text('7'.repeat(10_000)), { codeType: 0x1c });
    const events = packets.flatMap((packet, index) => {
      const output = protocol.push(packet, index);
      expect(protocol.heldBytes()).toBeLessThanOrEqual(4096 + 257);
      return output;
    });
    expect(said(events).filter((word) => word !== 'ACK')).toEqual(['too-long']);
    expect(said(protocol.push(packetOf(ean), 5000))).toEqual(['ACK', `]E0${ean}`]);
  });
});

describe('garbage', () => {
  it.each([
    ['before a packet', 'hello'],
    ['like a head', '\x12\xf3\x00\x00\x0b400'],
    ['like half a head', '\x12\xf3'],
    ['of a text scanner', `${ean}\r`],
  ])('%s is skipped, and the packet behind it is read', (_name, garbage) => {
    const protocol = createSsiProtocol();
    const late = protocol.push(text(garbage), 0);
    const events = [...late, ...protocol.push(packetOf(ean), 5), ...protocol.tick(305)];
    expect(said(events).at(-1)).toBe(`]E0${ean}`);
    expect(said(events).filter((word) => word === 'noise').length).toBeGreaterThan(0);
  });

  it('is one report for one burst', () => {
    const protocol = createSsiProtocol();
    expect(said(protocol.push(text('\0\0\xff\xff'.repeat(50)), 0))).toEqual(['noise']);
    expect(said(protocol.push(text('\0\0\xff'), 100))).toEqual([]);
    expect(said(protocol.push(text('\0\0\xff'), 600))).toEqual(['noise']);
  });

  it('beeps are packets too', () => {
    const protocol = createSsiProtocol();
    expect(protocol.feedback('good', 0)).toEqual([Uint8Array.of(5, 0xe6, 4, 0, 0, 0xff, 0x11)]);
    expect(protocol.feedback('bad', 0)).toEqual([Uint8Array.of(5, 0xe6, 4, 0, 16, 0xff, 0x01)]);
  });
});
