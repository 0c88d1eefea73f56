// Goal: what SSI reads depends on bytes and their times, never on how the system cut them.
// Method: random packets, repeats and garbage, cut at random; and garbage before each real packet.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProtocolEvent } from '#drivers/scanner/protocol.ts';
import { createSsiProtocol } from '#drivers/scanner/serial/ssi.ts';
import { encodeSsiPacket } from '#drivers/virtual/ssiScanner.ts';
import { runs } from '#test/support/runs.ts';

const ean = Buffer.from('4006381333931');
const data = fc.uint8Array({ maxLength: 40 });
const packet = fc
  .tuple(fc.constantFrom(0xf3, 0xf3, 0xf6, 0xd0), fc.constantFrom(0, 1, 2, 3), data)
  .map(([opcode, status, bytes]) => encodeSsiPacket(opcode, status, bytes));
const broken = fc
  .tuple(packet, fc.nat(300), fc.nat(255))
  .map(([bytes, at, value]) => bytes.with(at % bytes.length, value));
const piece = fc.oneof(packet, broken, fc.uint8Array({ maxLength: 30 }));
const gapMs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 600 }));

describe('SSI', () => {
  it('reads the same for any split', () => {
    const line = fc.array(fc.tuple(gapMs, piece, fc.nat(40)), { maxLength: 12 });
    fc.assert(
      fc.property(line, (pieces) => {
        const whole = createSsiProtocol();
        const split = createSsiProtocol();
        const wholeOut: ProtocolEvent[] = [];
        const splitOut: ProtocolEvent[] = [];
        let nowMs = 0;
        for (const [gap, bytes, cut] of pieces) {
          nowMs += gap;
          wholeOut.push(...whole.push(bytes, nowMs));
          splitOut.push(...split.push(bytes.subarray(0, cut), nowMs));
          splitOut.push(...split.push(bytes.subarray(cut), nowMs));
        }
        expect(splitOut).toEqual(wholeOut);
      }),
      runs(300),
    );
  });

  it('never throws, holds no more than its cap, and reads the packet after any garbage', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.uint8Array({ maxLength: 600 }))), (pieces) => {
        const protocol = createSsiProtocol();
        pieces.forEach((bytes, index) => {
          protocol.push(bytes, index * 20);
          expect(protocol.heldBytes()).toBeLessThanOrEqual(4096 + 257);
        });
        const nowMs = pieces.length * 20 + 1000;
        protocol.tick(nowMs);
        const events = protocol.push(encodeSsiPacket(0xf3, 0, Uint8Array.of(11, ...ean)), nowMs);
        expect(events.at(-1)).toMatchObject({ type: 'frame', text: `]E0${ean}` });
      }),
      runs(200),
    );
  });
});
