// Owns the shop's own receipt: its template and logo, kept as settings, and what the editor asks.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ReadableDb } from '#db/handle.ts';
import { searchProducts } from '#db/products.ts';
import { getSetting, setSetting } from '#db/settings.ts';
import type { ImageBlock } from '#drivers/printer/paper/document.ts';
import { previewReceipt } from '#drivers/printer/paper/layout.ts';
import { makeLogo } from '#drivers/printer/paper/logo.ts';
import { assert } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { DONE } from '#till/basketFlow.ts';
import type { MethodInput, MethodOutput, TillError } from '#till/contract.ts';
import { receiptDocument } from '#till/receipt.ts';
import type { Handlers } from '#till/serve.ts';
import { DEFAULT_TEMPLATE_TEXT, parseTemplate, type Template } from '#till/template.ts';
import { blockMakers, variables } from '#till/templateBlocks.ts';
import { sampleFacts } from '#till/templateSample.ts';
import { atomically, type Workstation } from '#till/workstation.ts';
import { paperLanguages } from '#words/say.ts';

const TEMPLATE_SETTING = 'receiptTemplate';
const LOGO_SETTING = 'receiptLogo';
const BLOCK_FILE = 'receipt-block.cjs';
/** Goods on the sample receipt. */
const SAMPLE_PRODUCTS = 3;

function defaultTemplate(): Template {
  const parsed = parseTemplate(DEFAULT_TEMPLATE_TEXT);
  assert(parsed.ok, 'the default template is one');
  return parsed.value;
}

export const DEFAULT_TEMPLATE = defaultTemplate();

/**
 * The template that the next receipt is made by. One that this version does not understand, left
 * by another, is passed over: a sale needs its receipt now.
 */
export function templateOf(db: ReadableDb): Template {
  const stored = getSetting(db, TEMPLATE_SETTING) ?? '';
  if (stored === '') return DEFAULT_TEMPLATE;
  const parsed = parseTemplate(stored);
  return parsed.ok ? parsed.value : DEFAULT_TEMPLATE;
}

/** The shop's picture, or null. It is this till's own: its shape is trusted. */
export function logoOf(db: ReadableDb): ImageBlock | null {
  const stored = getSetting(db, LOGO_SETTING) ?? '';
  try {
    return stored === '' ? null : (JSON.parse(stored) as ImageBlock);
  } catch {
    // A sale needs its receipt now, with or without a picture.
    return null;
  }
}

/** The shop's own block in escpos commands, where the data folder holds one. */
export function blockFileOf({ dataFolder }: Workstation): string | null {
  const file = path.join(dataFolder, BLOCK_FILE);
  return existsSync(file) ? file : null;
}

function check(
  workstation: Workstation,
  { text, language, isGuest }: MethodInput<'receipt.checkTemplate'>,
  columns: number,
): MethodOutput<'receipt.checkTemplate'> {
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const faults = parsed.error.map(({ line, key, args }) => {
      return { line, words: { key, args: { ...args } } };
    });
    return { faults, preview: null };
  }
  const { db, shop, state } = workstation;
  const atMs = workstation.nowMs();
  const facts = sampleFacts({
    shop,
    logo: logoOf(db),
    blockFile: blockFileOf(workstation),
    compiled: workstation.programmes.at(atMs).compiled,
    products: searchProducts(db, '', SAMPLE_PRODUCTS),
    operatorName: state.operator?.name ?? '',
    language,
    isGuest,
    atMs,
  });
  const rows = previewReceipt(receiptDocument(facts, parsed.value), columns);
  return { faults: [], preview: { columns, rows } };
}

function save(
  workstation: Workstation,
  name: string,
  value: string,
): Result<Record<string, never>, TillError> {
  return atomically(workstation, () => {
    setSetting(workstation.db, name, value);
    return DONE;
  });
}

/** What the editor asks; a page's word that a template is right is never proof. */
export function templateHandlers(workstation: Workstation, paperColumns: () => number) {
  const { db } = workstation;
  return {
    'receipt.getTemplate': () => {
      const stored = getSetting(db, TEMPLATE_SETTING) ?? '';
      return success({
        text: stored === '' ? DEFAULT_TEMPLATE_TEXT : stored,
        isDefault: stored === '',
        blocks: Object.keys(blockMakers),
        variables: Object.keys(variables),
        languages: [...paperLanguages],
        logoName: logoOf(db)?.name ?? null,
      });
    },
    'receipt.checkTemplate': (input) => success(check(workstation, input, paperColumns())),
    'receipt.saveTemplate': ({ text }) => {
      const parsed = parseTemplate(text ?? DEFAULT_TEMPLATE_TEXT);
      if (!parsed.ok) {
        return failure({ code: 'template-faulty', args: { line: parsed.error[0]?.line ?? 0 } });
      }
      return save(workstation, TEMPLATE_SETTING, text ?? '');
    },
    'receipt.saveLogo': ({ logo }) => {
      if (logo === null) return save(workstation, LOGO_SETTING, '');
      const made = makeLogo(Buffer.from(logo.fileBase64, 'base64'), logo.name);
      if (!made.ok) return failure({ code: 'logo-unreadable' });
      return save(workstation, LOGO_SETTING, JSON.stringify(made.value));
    },
  } satisfies Partial<Handlers>;
}
