// Owns what a receipt says, before any printer is chosen. Knows nothing of loyalty.

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

export type Block =
  | TextBlock
  | ColumnsBlock
  | TableBlock
  | RuleBlock
  | SpaceBlock
  | BarcodeBlock
  | QrBlock;

/** Stored with the print job as JSON, so that a reprint on another printer says the same. */
export interface ReceiptDocument {
  readonly version: 1;
  /** BCP 47; decides nothing but the log. */
  readonly language: string;
  readonly blocks: readonly Block[];
}
