// Owns what the receipt's editor does: reads, checks, saves, and brings a logo to size.
import { call } from '#renderer/state/connection.ts';
import { change, page } from '#renderer/state/store.ts';
import type { MethodOutput } from '#till/contract.ts';

export type TemplateCheck = MethodOutput<'receipt.checkTemplate'>;

/** Dots of the widest paper: more would be thrown away by the printer. */
const LOGO_WIDTH_MAX = 576;
/** What the contract takes, base64 and all. */
const LOGO_BYTES_MAX = 44_000;

export function showReceiptEditor(): void {
  change({ view: 'receipt', template: null, question: null, isTypingCard: false, searchText: '' });
}

export async function readTemplate(): Promise<void> {
  const template = await call('receipt.getTemplate', {});
  if (template !== null) change({ template });
}

/** A text written back to what is kept is no draft. */
export function writeDraft(text: string): void {
  change({ templateDraft: text === page().template?.text ? null : text });
}

export function dropDraft(): void {
  change({ templateDraft: null });
}

export function checkTemplate(
  text: string,
  language: string,
  isGuest: boolean,
): Promise<TemplateCheck | null> {
  return call('receipt.checkTemplate', { text, language, isGuest });
}

function textShown(): string | null {
  const { template, templateDraft } = page();
  return templateDraft ?? template?.text ?? null;
}

/** Null goes back to the template that the till came with. True when it was kept. */
export async function saveTemplate(text: string | null): Promise<boolean> {
  const before = textShown();
  if ((await call('receipt.saveTemplate', { text })) === null) return false;
  const template = await call('receipt.getTemplate', {});
  if (template === null) return false;
  // What was typed meanwhile is a draft still. Both change at once: between them the old text
  // would stand in the field, and the cursor would jump.
  const now = textShown();
  change({ template, templateDraft: now === before ? null : now });
  return true;
}

export async function removeLogo(): Promise<void> {
  await call('receipt.saveLogo', { logo: null });
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
