// Owns the bytes of a job as they grow, and the state that they leave the printer in.
import type { PageName } from '#drivers/printer/paper/pages.ts';
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';
import {
  type DotRange,
  type PictureBytes,
  silenceRealTime,
} from '#drivers/printer/paper/raster.ts';

/** `ESC @`; Kanji mode off; font A. What an earlier program left must not leak in. */
const INITIALIZE = [0x1b, 0x40, 0x1c, 0x2e, 0x1b, 0x4d, 0x00];
const LF = 0x0a;

/** A style is sent when it changes, not at each run: that saves a third of the bytes. */
export class CommandWriter {
  readonly #profile: Pick<PrinterProfile, 'pages'>;
  readonly #bytes: number[];
  readonly #dots: DotRange[] = [];
  #page: PageName | null = null;
  #isBold: boolean = false;
  #scale: 1 | 2 = 1;

  constructor(profile: Pick<PrinterProfile, 'pages'>, start: readonly number[] = INITIALIZE) {
    this.#profile = profile;
    this.#bytes = [...start];
  }

  /** The page that the printer stands on, or null before the first. */
  get page(): PageName | null {
    return this.#page;
  }

  raw(bytes: ArrayLike<number>): void {
    for (let index = 0; index < bytes.length; index += 1) this.#bytes.push(bytes[index] ?? 0);
  }

  style(isBold: boolean, scale: 1 | 2): void {
    if (isBold !== this.#isBold) this.raw([0x1b, 0x45, isBold ? 1 : 0]);
    if (scale !== this.#scale) this.raw([0x1d, 0x21, scale === 2 ? 0x11 : 0x00]);
    this.#isBold = isBold;
    this.#scale = scale;
  }

  /** Nothing where the printer stands on the page already. */
  selectPage(page: PageName): void {
    const number = this.#profile.pages[page];
    if (page === this.#page || number === undefined) return;
    this.raw([0x1b, 0x74, number]);
    this.#page = page;
  }

  /** For a slip that tries numbers: which page it is, only the printer knows. */
  usePageNumber(number: number): void {
    this.raw([0x1b, 0x74, number]);
    this.#page = null;
  }

  byte(byte: number): void {
    this.#bytes.push(byte);
  }

  picture({ head, dots }: PictureBytes): void {
    this.raw(head);
    const start = this.#bytes.length;
    this.raw(dots);
    if (dots.length > 0) this.#dots.push({ start, end: this.#bytes.length });
  }

  newline(): void {
    this.#bytes.push(LF);
  }

  /** All of them, with no real-time command left in a picture. */
  finish(): Uint8Array {
    const bytes = Uint8Array.from(this.#bytes);
    silenceRealTime(bytes, this.#dots);
    return bytes;
  }
}
