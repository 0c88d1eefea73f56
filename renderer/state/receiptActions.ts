// Owns what the receipt's editor does: reads, checks, saves, and brings a logo to size.
import { call } from '#renderer/state/connection.ts';
import { change } from '#renderer/state/store.ts';
import type { MethodOutput } from '#till/contract.ts';

export type TemplateView = MethodOutput<'receipt.getTemplate'>;
export type TemplateCheck = MethodOutput<'receipt.checkTemplate'>;

/** Dots of the widest paper: more would be thrown away by the printer. */
const LOGO_WIDTH_MAX = 576;
/** What the contract takes, base64 and all. */
const LOGO_BYTES_MAX = 44_000;

export function showReceiptEditor(): void {
  change({ view: 'receipt', question: null, isTypingCard: false, searchText: '' });
}

export function getTemplate(): Promise<TemplateView | null> {
  return call('receipt.getTemplate', {});
}

export function checkTemplate(
  text: string,
  language: string,
  isGuest: boolean,
): Promise<TemplateCheck | null> {
  return call('receipt.checkTemplate', { text, language, isGuest });
}

/** Null goes back to the template that the till came with. True when it was kept. */
export async function saveTemplate(text: string | null): Promise<boolean> {
  return (await call('receipt.saveTemplate', { text })) !== null;
}

export async function removeLogo(): Promise<boolean> {
  return (await call('receipt.saveLogo', { logo: null })) !== null;
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** A photograph as narrow as paper; null where the browser cannot read it as a picture. */
async function shrink(file: File): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LOGO_WIDTH_MAX / picture.width);
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } catch {
    return null;
  }
}

/** `too-large` also for a picture that stays too large as a PNG of paper's width. */
export async function saveLogo(file: File): Promise<'saved' | 'refused' | 'too-large'> {
  const blob = file.size <= LOGO_BYTES_MAX ? file : await shrink(file);
  if (blob === null || blob.size > LOGO_BYTES_MAX) return 'too-large';
  const logo = { name: file.name.slice(0, 100), fileBase64: await base64Of(blob) };
  return (await call('receipt.saveLogo', { logo })) === null ? 'refused' : 'saved';
}
