// Owns where a job is cut into parts: a question to the printer may only stand between commands.

/** Bytes of a job that are sent at once. */
export interface JobPart {
  readonly bytes: Uint8Array;
  /** True where a command ends here, so that a question may follow. */
  readonly isWhole: boolean;
}

/**
 * At most 4 kB: a stop is noticed between two of them (printing.md §3.6). One kilobyte is half a
 * second of a serial line at 19200 baud.
 */
const PART_BYTES = 1024;

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

/** How many bytes follow the two that name a command, by its second byte as a character. */
const escArguments: Readonly<Record<string, number>> = {
  ' ': 1,
  '@': 0,
  '2': 0,
  '3': 1,
  '!': 1,
  '-': 1,
  $: 2,
  '\\': 2,
  E: 1,
  G: 1,
  J: 1,
  M: 1,
  R: 1,
  a: 1,
  d: 1,
  p: 3,
  t: 1,
  '{': 1,
};
const gsArguments: Readonly<Record<string, number>> = {
  '!': 1,
  B: 1,
  H: 1,
  L: 2,
  W: 2,
  a: 1,
  f: 1,
  h: 1,
  r: 1,
  w: 1,
};

/** The length of what starts at `at`; null for a command that this table does not know. */
function lengthAt(bytes: Uint8Array, at: number): number | null {
  const [lead, code] = [bytes[at], bytes[at + 1] ?? 0];
  const name = String.fromCharCode(code);
  if (lead === ESC) {
    if (name === '*') return 5 + word(bytes, at + 3) * ((bytes[at + 2] ?? 0) >= 32 ? 3 : 1);
    const count = escArguments[name];
    return count === undefined ? null : 2 + count;
  }
  if (lead === FS) return name === '.' || name === '&' ? 2 : null;
  if (lead !== GS) return 1;
  if (name === '(') return 5 + word(bytes, at + 3);
  if (name === 'V') return (bytes[at + 2] ?? 0) >= 65 ? 4 : 3;
  if (name === 'k') return (bytes[at + 2] ?? 0) >= 65 ? 4 + (bytes[at + 3] ?? 0) : null;
  if (name === 'v') return 8 + word(bytes, at + 4) * word(bytes, at + 6);
  const count = gsArguments[name];
  return count === undefined ? null : 2 + count;
}

/** Where commands end, in order, as far as they are known. */
function* commandEnds(bytes: Uint8Array): Generator<number> {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthAt(bytes, at);
    if (length === null) return;
    at += length;
    if (at <= bytes.length) yield at;
  }
}

/**
 * The first QR code or bar code of a job, where its text ends: an offset between two commands, or
 * null where there is none. A job that says after that how far it got tells whether the
 * receipt's text is on paper.
 */
export function middleOf(bytes: Uint8Array): number | null {
  let start = 0;
  for (const end of commandEnds(bytes)) {
    const isSymbolSize = bytes[start] === GS && bytes[start + 1] === 0x68;
    const isQr = bytes[start] === GS && bytes[start + 1] === 0x28 && bytes[start + 2] === 0x6b;
    if (isQr || isSymbolSize) return start;
    start = end;
  }
  return null;
}

/** Cuts a job between commands where they are short enough, inside them where they are not. */
export function splitJob(bytes: Uint8Array): JobPart[] {
  const parts: JobPart[] = [];
  let start = 0;
  let lastEnd = 0;
  function take(end: number, isWhole: boolean): void {
    for (let at = start; at < end; at += PART_BYTES) {
      const stop = Math.min(end, at + PART_BYTES);
      parts.push({ bytes: bytes.subarray(at, stop), isWhole: isWhole && stop === end });
    }
    start = end;
  }
  for (const end of commandEnds(bytes)) {
    if (end - start > PART_BYTES && lastEnd > start) take(lastEnd, true);
    if (end - start > PART_BYTES) take(end, true);
    lastEnd = end;
  }
  if (lastEnd > start) take(lastEnd, true);
  if (start < bytes.length) take(bytes.length, false);
  return parts;
}
