// Owns a scanner that speaks SSI without hardware: packets over any line that carries bytes.
import type { ScanOptions, VirtualScanner } from '#drivers/virtual/scanner.ts';

/** Data of one packet: its length byte counts the head too, and stays below 255. */
const dataBytesMax = 250;
const decodeData = 0xf3;
const isContinued = 0x02;
const codeTypeEan13 = 0x0b;
const codeTypeByAim: ReadonlyMap<string, number> = new Map([
  [']E0', codeTypeEan13],
  [']C0', 0x03],
  [']Q0', 0x1c],
]);

export interface SsiMessage {
  readonly codeType?: number;
  /** Bit 0 of each packet's status: the scanner had no answer. */
  readonly isRetransmitted?: boolean;
  /** True leaves the last packet with the mark that another follows. */
  readonly isUnfinished?: boolean;
}

/** A packet as a scanner sends it, checksum and all. */
export function encodeSsiPacket(opcode: number, status: number, data: Uint8Array): Uint8Array {
  const bytes = [data.length + 4, opcode, 0, status, ...data];
  let checksum = 0;
  for (const byte of bytes) checksum = (checksum - byte) & 0xffff;
  return Uint8Array.of(...bytes, checksum >> 8, checksum & 0xff);
}

/** The packets of one read. */
export function encodeSsiScan(text: Uint8Array, message: SsiMessage = {}): readonly Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < text.length; from += dataBytesMax - 1) {
    const to = from + dataBytesMax - 1;
    const isLast = to >= text.length && message.isUnfinished !== true;
    const status = (isLast ? 0 : isContinued) | (message.isRetransmitted === true ? 1 : 0);
    const data = Uint8Array.of(message.codeType ?? codeTypeEan13, ...text.subarray(from, to));
    packets.push(encodeSsiPacket(decodeData, status, data));
  }
  return packets;
}

/**
 * Speaks SSI over `line`. A suffix is data here, as a scanner sends it that is set to add one;
 * `send` takes symbols, each ended by CR: what follows the last CR is not finished yet.
 */
export function speakSsi<Line extends VirtualScanner>(line: Line): Line {
  let isUnfinished = false;
  const endings: Readonly<Record<string, string>> = { lf: '\n', tab: '\t', crlf: '\r\n' };

  async function scan(text: string, options: ScanOptions = {}): Promise<void> {
    const bytes = new TextEncoder().encode(text + (endings[options.suffix ?? 'none'] ?? ''));
    const codeType = codeTypeByAim.get(options.aim ?? ']E0') ?? codeTypeEan13;
    const whole = Buffer.concat(encodeSsiScan(bytes, { codeType }));
    let from = 0;
    for (const size of [...(options.chunkSizes ?? []), whole.length]) {
      if (from < whole.length) await line.send(whole.subarray(from, from + size));
      from += size;
    }
  }

  return {
    ...line,
    scan,
    async send(bytes) {
      const packets: Uint8Array[] = [];
      let from = 0;
      for (let at = bytes.indexOf(0x0d); at >= 0; at = bytes.indexOf(0x0d, from)) {
        const read = bytes.subarray(from, at);
        // The end of a symbol that began before may hold nothing more.
        if (read.length > 0 || isUnfinished) packets.push(...encodeSsiScan(read));
        isUnfinished = false;
        from = at + 1;
      }
      const rest = bytes.subarray(from);
      if (rest.length > 0) {
        packets.push(...encodeSsiScan(rest, { isUnfinished: true }));
        isUnfinished = true;
      }
      // In one piece: what a line still carries when it is cut never arrives.
      await line.send(Buffer.concat(packets));
    },
    async unplug() {
      isUnfinished = false;
      await line.unplug();
    },
  };
}
