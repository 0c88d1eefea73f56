// Owns the language of receipt templates: text in, rows or faults by line out.
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  type BlockName,
  blockMakers,
  isBlockName,
  isVariableName,
  type VariableName,
  variables,
} from '#till/templateBlocks.ts';
import type { Key } from '#words/en.ts';
import { paperLanguages } from '#words/say.ts';

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'variable'; readonly variable: VariableName };

/** A line of text, or two columns where `right` is not null. */
export interface TextRow {
  readonly type: 'text';
  readonly style: 'normal' | 'bold' | 'large';
  readonly left: readonly Part[];
  readonly right: readonly Part[] | null;
}

export type TemplateRow =
  | TextRow
  | { readonly type: 'block'; readonly name: BlockName }
  | { readonly type: 'rule' }
  | { readonly type: 'space' }
  /** Lines that each language has its own of. */
  | { readonly type: 'said'; readonly byLanguage: ReadonlyMap<string, readonly TextRow[]> };

export type Template = readonly TemplateRow[];

/** What is wrong, in words. `line` counts from 1; 0 is the whole. */
export interface TemplateFault {
  readonly line: number;
  readonly key: Key;
  readonly args: Readonly<Record<string, string | number>>;
}

export const TEMPLATE_LENGTH_MAX = 8_000;
const LINES_MAX = 100;
const LINE_LENGTH_MAX = 200;
const FAULTS_MAX = 20;

/** What receipts are like until a manager writes another one. */
export const DEFAULT_TEMPLATE_TEXT = `# {store.name}
{store.address}
{store.taxNumber}

[header]
[sale]
---
[items]
---
[totals]
[taxes]
[payments]
[member]
[why]
[points]
[accounts]
[rewards]
[tier]
[invitation]
[shared]

[qr]

[barcode]
[footer]
`;

/** How many letters must be put in, taken out or replaced to make one word the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

function nearestOf(name: string, words: readonly string[]): string {
  const written = name.toLowerCase();
  const ranked = words.map((word) => ({ word, far: distance(written, word.toLowerCase()) }));
  return ranked.toSorted((left, right) => left.far - right.far)[0]?.word ?? '';
}

/** One reading of a text: its rows, and whatever is wrong in it. */
interface Reading {
  readonly rows: TemplateRow[];
  readonly faults: TemplateFault[];
}

type Fail = (key: Key, args?: TemplateFault['args']) => void;

/** Text with `{variables}`; `{{` and `}}` are the braces themselves. */
function readParts(text: string, fail: Fail): Part[] {
  return [...text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)].map(([found, name]): Part => {
    if (name === undefined) {
      if (found === '{' || found === '}') fail('template.brace', { brace: found });
      return { type: 'text', text: found === '{{' ? '{' : found === '}}' ? '}' : found };
    }
    if (isVariableName(name)) return { type: 'variable', variable: name };
    const nearest = nearestOf(name, Object.keys(variables));
    fail('template.unknown-variable', { name: found, nearest: `{${nearest}}` });
    return { type: 'text', text: found };
  });
}

function readText(line: string, fail: Fail): TextRow {
  const [, mark = '', rest = ''] = /^(# |\* )?(.*)$/su.exec(line) ?? [];
  const style = mark === '# ' ? 'large' : mark === '* ' ? 'bold' : 'normal';
  // A mark that is meant as it stands has a backslash before it.
  const text = mark === '' && rest.startsWith('\\') ? rest.slice(1) : rest;
  const [left = '', ...more] = style === 'large' ? [text] : text.split(' | ');
  const right = more.length === 0 ? null : readParts(more.join(' | '), fail);
  return { type: 'text', style, left: readParts(left, fail), right };
}

function readBlock(name: string, rest: string, { rows }: Reading, fail: Fail): void {
  if (!isBlockName(name)) {
    const words = [...paperLanguages, ...Object.keys(blockMakers)];
    fail('template.unknown-block', { name, nearest: nearestOf(name, words) });
    return;
  }
  if (rest.trim() !== '') fail('template.text-after-block', { name });
  if (rows.some((row) => row.type === 'block' && row.name === name)) {
    fail('template.block-twice', { name });
  }
  rows.push({ type: 'block', name });
}

/** Lines of languages that follow each other are one row: of it one language is printed. */
function readSaid(language: string, rest: string, { rows }: Reading, fail: Fail): void {
  const text = rest.replace(/^ /, '');
  const block = /^\[([^\]]*)\]/.exec(text)?.[1];
  if (block !== undefined) return fail('template.block-in-language', { name: block });
  const last = rows.at(-1);
  const known = last?.type === 'said' ? last.byLanguage : new Map<string, readonly TextRow[]>();
  const lines = text === '' ? [] : [readText(text, fail)];
  const byLanguage = new Map(known).set(language, [...(known.get(language) ?? []), ...lines]);
  if (last?.type === 'said') rows.pop();
  rows.push({ type: 'said', byLanguage });
}

function readLine(line: string, reading: Reading, fail: Fail): void {
  const { rows } = reading;
  if (line.length > LINE_LENGTH_MAX) return fail('template.line-long', { max: LINE_LENGTH_MAX });
  if (/\p{Cc}/u.test(line)) return fail('template.control');
  if (line.trim() === '') {
    rows.push({ type: 'space' });
    return;
  }
  if (/^-{3,}\s*$/.test(line)) {
    rows.push({ type: 'rule' });
    return;
  }
  const [, name, rest = ''] = /^\[([^\]]*)\](.*)$/su.exec(line) ?? [];
  const language = paperLanguages.find((known) => known === name);
  if (language !== undefined) readSaid(language, rest, reading, fail);
  else if (name !== undefined) readBlock(name, rest, reading, fail);
  else rows.push(readText(line, fail));
}

/** What the law wants on a receipt, and what a return is found by. */
function missingFaults(rows: Template): TemplateFault[] {
  const has = (name: BlockName) => rows.some((row) => row.type === 'block' && row.name === name);
  const says = (variable: VariableName) =>
    rows.some(
      (row) =>
        row.type === 'text' &&
        [...row.left, ...(row.right ?? [])].some(
          (part) => part.type === 'variable' && part.variable === variable,
        ),
    );
  const missing = (isThere: boolean, key: Key, args = {}) =>
    isThere ? [] : [{ line: 0, key, args }];
  return [
    ...missing(has('sale') || says('receipt.date'), 'template.missing-date', {
      variable: '{receipt.date}',
    }),
    ...missing(has('items'), 'template.missing-items'),
    ...missing(has('totals'), 'template.missing-totals'),
    ...missing(has('taxes'), 'template.missing-taxes'),
    ...missing(has('barcode') || says('receipt.number'), 'template.missing-number', {
      variable: '{receipt.number}',
    }),
  ];
}

/** Checks a template. Each fault names its line and what to write instead. */
export function parseTemplate(text: string): Result<Template, readonly TemplateFault[]> {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  if (text.length > TEMPLATE_LENGTH_MAX || lines.length > LINES_MAX) {
    const args = { lines: LINES_MAX, characters: TEMPLATE_LENGTH_MAX };
    return failure([{ line: 0, key: 'template.too-long', args }]);
  }
  const reading: Reading = { rows: [], faults: [] };
  lines.forEach((line, index) => {
    readLine(line, reading, (key, args = {}) => {
      reading.faults.push({ line: index + 1, key, args });
    });
  });
  const faults = [...reading.faults, ...missingFaults(reading.rows)];
  return faults.length > 0 ? failure(faults.slice(0, FAULTS_MAX)) : success(reading.rows);
}
