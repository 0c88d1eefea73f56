// Owns how a printer reads the data of `GS k`: Code 128 by its code sets, the others as digits.

export interface BarcodeSymbol {
  /** As bwip-js names it. */
  readonly symbology: string;
  /** What the symbol is drawn from: code words for Code 128, else the data. */
  readonly drawn: string;
  /** What a reader reads. */
  readonly data: string;
}

/** By the `m` of `GS k m`, in both of its forms (0 to 6 and 65 to 73). */
const symbologies: Readonly<Record<number, string>> = {
  0: 'upca',
  1: 'upce',
  2: 'ean13',
  3: 'ean8',
  4: 'code39',
  5: 'interleaved2of5',
  6: 'rationalizedCodabar',
  65: 'upca',
  66: 'upce',
  67: 'ean13',
  68: 'ean8',
  69: 'code39',
  70: 'interleaved2of5',
  71: 'rationalizedCodabar',
  72: 'code93',
};

/** Null for data that a printer would refuse: wrong code set, no set at all, unknown symbology. */
export function readBarcode(bytes: readonly number[]): BarcodeSymbol | null {
  const kind = bytes[2] ?? -1;
  const data = kind <= 6 ? bytes.slice(3, -1) : bytes.slice(4);
  if (kind === 73) return readCode128(data);
  const symbology = symbologies[kind];
  if (symbology === undefined || data.length === 0) return null;
  const text = String.fromCharCode(...data);
  return { symbology, drawn: text, data: text };
}

type CodeSet = 'A' | 'B' | 'C';
const starts: Readonly<Record<CodeSet, number>> = { A: 103, B: 104, C: 105 };
const switches: Readonly<Record<CodeSet, number>> = { A: 101, B: 100, C: 99 };
const OPEN_BRACE = 0x7b;
const FUNCTION_1 = 102;

function isCodeSet(letter: string): letter is CodeSet {
  return letter === 'A' || letter === 'B' || letter === 'C';
}

/** ISO/IEC 15417 code words from Epson's `{A`, `{B`, `{C`, `{1`, `{{` notation. */
function readCode128(data: readonly number[]): BarcodeSymbol | null {
  const words: number[] = [];
  let text = '';
  let set: CodeSet | null = null;
  for (let index = 0; index < data.length; index += 1) {
    let byte = data[index] ?? 0;
    if (byte === OPEN_BRACE) {
      index += 1;
      const letter = String.fromCharCode(data[index] ?? 0);
      if (isCodeSet(letter)) {
        words.push(set === null ? starts[letter] : switches[letter]);
        set = letter;
        continue;
      }
      if (letter === '1') {
        words.push(FUNCTION_1);
        continue;
      }
      if (letter !== '{') return null;
      byte = OPEN_BRACE;
    }
    const word = set === null ? null : codeWord(set, byte);
    if (word === null) return null;
    words.push(word);
    text += set === 'C' ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
  }
  if (text === '') return null;
  const drawn = words.map((word) => `^${String(word).padStart(3, '0')}`).join('');
  return { symbology: 'code128', drawn, data: text };
}

function codeWord(set: CodeSet, byte: number): number | null {
  if (set === 'C') return byte < 100 ? byte : null;
  if (set === 'B') return byte >= 32 && byte < 128 ? byte - 32 : null;
  if (byte >= 96) return null;
  return byte < 32 ? byte + 64 : byte - 32;
}
