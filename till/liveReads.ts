// Owns the reads of a live test: the bytes of each joined to what it means, whichever comes first.
import type { ScanTrace } from '#drivers/scanner/scanner.ts';
import type { ScannerRead } from '#till/devicesView.ts';
import type { TypedScan } from '#till/scanInput.ts';

const READS_KEPT = 20;
const MEANINGS_KEPT = 4;
const TRACE_BYTES_MAX = 256;
/** What Enter, Ctrl+J and Tab stand for. */
const typedEnds = { none: '', cr: '\r', lf: '\n', tab: '\t' } as const;
/** A long label is cut into reports: its head is enough to know it by. */
const LABEL_HEAD = 16;

export interface ReadMeaning extends Pick<ScannerRead, 'scanDataType' | 'meaning'> {
  readonly deviceId: string;
  readonly label: string;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function isReadOf(read: ScannerRead, { deviceId, label }: ReadMeaning): boolean {
  const head = toHex(new TextEncoder().encode(label.slice(0, LABEL_HEAD)));
  return read.deviceId === deviceId && read.hex.includes(head);
}

function withMeaning(read: ScannerRead, { scanDataType, meaning }: ReadMeaning): ScannerRead {
  return { ...read, scanDataType, meaning };
}

export class LiveReads {
  #reads: readonly ScannerRead[] = [];
  /** Of reads whose bytes have not come yet: line ends belong to them, up to 50 ms later. */
  #early: readonly ReadMeaning[] = [];
  #count = 0;

  /** Newest first, at most 20. */
  list(): readonly ScannerRead[] {
    return this.#reads;
  }

  traced({ deviceId, bytes, byteCount, durationMs, ending }: ScanTrace): void {
    this.#count += 1;
    const read: ScannerRead = {
      readId: this.#count,
      deviceId,
      hex: toHex(bytes),
      byteCount,
      ending,
      durationMs,
      scanDataType: null,
      meaning: null,
    };
    const early = this.#early.find((meaning) => isReadOf(read, meaning));
    this.#early = this.#early.filter((meaning) => meaning !== early);
    const known = early === undefined ? read : withMeaning(read, early);
    this.#reads = [known, ...this.#reads].slice(0, READS_KEPT);
  }

  /** What a keyboard scanner typed, as the bytes that it stands for. */
  typed(deviceId: string, scanData: string, how: TypedScan | null): void {
    const ending = how?.ending ?? 'none';
    const bytes = new TextEncoder().encode(scanData + typedEnds[ending]);
    this.traced({
      deviceId,
      bytes: bytes.subarray(0, TRACE_BYTES_MAX),
      byteCount: bytes.length,
      durationMs: how?.durationMs ?? 0,
      ending,
    });
  }

  clear(): void {
    this.#reads = [];
    this.#early = [];
  }

  means(meaning: ReadMeaning): void {
    const waiting = this.#reads.find((read) => read.meaning === null && isReadOf(read, meaning));
    if (waiting === undefined) {
      this.#early = [...this.#early, meaning].slice(-MEANINGS_KEPT);
      return;
    }
    this.#reads = this.#reads.map((read) => (read === waiting ? withMeaning(read, meaning) : read));
  }
}
