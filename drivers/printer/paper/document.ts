// Owns what a receipt says, before any printer is chosen. Knows nothing of loyalty.

/** Left is where a row begins: in a document that is read from the right it is the right. */
export type Align = 'left' | 'center' | 'right';

/** `scale` 1 is normal, 2 is double width and height. */
export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
  readonly align: Align;
  readonly bold: boolean;
  readonly scale: 1 | 2;
}

/** Left text wraps on words; right text stays on the last wrapped row. */
export interface ColumnsBlock {
  readonly type: 'columns';
  readonly left: string;
  readonly right: string;
  readonly bold: boolean;
}

/** Cells wrap on words; a fixed width counts columns, `flex` takes what is left. */
export interface TableBlock {
  readonly type: 'table';
  readonly cells: readonly {
    readonly text: string;
    readonly width: number | 'flex';
    readonly align: 'left' | 'right';
  }[];
  readonly bold: boolean;
}

export interface RuleBlock {
  readonly type: 'rule';
}

export interface SpaceBlock {
  readonly type: 'space';
}

/** Code 128, digits only, even count: code set C, so that 14 digits fit 58 mm. */
export interface BarcodeBlock {
  readonly type: 'barcode';
  readonly symbology: 'code128';
  readonly data: string;
}

export interface QrBlock {
  readonly type: 'qr';
  /** ASCII only. */
  readonly data: string;
}

/**
 * Dots of one paper width, 1 bit each, in rows of whole bytes with the highest bit leftmost.
 * `deflated` is base64 of raw deflate (RFC 1951): a logo is stored with each receipt.
 */
export interface StoredPicture {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly deflated: string;
}

/** A logo, made by `logo.ts` for each paper width; the printer takes the widest that it holds. */
export interface ImageBlock {
  readonly type: 'image';
  /** Said where the picture cannot be shown. */
  readonly name: string;
  readonly pictures: readonly StoredPicture[];
}

/**
 * Rows that the shop writes itself with commands of `escpos` (blockFile.ts), made when they are
 * printed. A receipt whose file is gone or faulty is printed without them.
 */
export interface CustomBlock {
  readonly type: 'custom';
  /** The whole path of a CommonJS file on this till. */
  readonly file: string;
}

export type Block =
  | TextBlock
  | ColumnsBlock
  | TableBlock
  | RuleBlock
  | SpaceBlock
  | BarcodeBlock
  | QrBlock
  | ImageBlock
  | CustomBlock;

/** Stored with the print job as JSON, so that a reprint on another printer says the same. */
export interface ReceiptDocument {
  readonly version: 1;
  /** BCP 47. Arabic, Hebrew, Persian and Urdu turn the columns round: the first is at the right. */
  readonly language: string;
  readonly blocks: readonly Block[];
}
