// Owns what a receipt says: a committed sale as a document, in the language of the paper and as the
// shop's template has it.
import type { Block, ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { centred, columns, RULE, SPACE } from '#till/paperBlocks.ts';
import type { ReceiptFacts } from '#till/receiptFacts.ts';
import type { Part, Template, TemplateRow, TextRow } from '#till/template.ts';
import { blockMakers, slipBlocks, variables } from '#till/templateBlocks.ts';
import { say } from '#words/say.ts';

/** How many lines a text makes: one, none where a variable is empty, or one for each value. */
function valuesOf(parts: readonly Part[], facts: ReceiptFacts): string[] {
  const values = parts.map((part) =>
    part.type === 'text' ? null : variables[part.variable](facts),
  );
  const counts = values.map((value) => value?.length ?? 1);
  const count = counts.includes(0) ? 0 : Math.max(1, ...counts);
  return Array.from({ length: count }, (_, line) =>
    parts
      .map((part, index) => {
        if (part.type === 'text') return part.text;
        return values[index]?.[line] ?? values[index]?.[0] ?? '';
      })
      .join(''),
  );
}

function textBlocks({ style, left, right }: TextRow, facts: ReceiptFacts): Block[] {
  if (right === null) {
    const scale = style === 'large' ? 2 : 1;
    return valuesOf(left, facts).map((text) => centred(text, style !== 'normal', scale));
  }
  const rights = valuesOf(right, facts);
  if (rights.length === 0) return [];
  return valuesOf(left, facts).map((text, line) =>
    columns(text, rights[line] ?? '', style !== 'normal'),
  );
}

/** The lines of the paper's language, else the English ones, else those that stand first. */
function rowsIn(byLanguage: ReadonlyMap<string, readonly TextRow[]>, language: string) {
  const [first = []] = byLanguage.values();
  return byLanguage.get(language) ?? byLanguage.get('en') ?? first;
}

/**
 * The receipt of a sale. A copy is marked when it is printed, so that it says the same numbers.
 * What is handed out elsewhere follows below, whatever the template says: it was promised.
 */
export function receiptDocument(facts: ReceiptFacts, template: Template): ReceiptDocument {
  const isExplained = template.some((row) => row.type === 'block' && row.name === 'why');
  const blocksOf = (row: TemplateRow): readonly Block[] => {
    switch (row.type) {
      case 'block':
        return blockMakers[row.name](facts, isExplained);
      case 'rule':
        return [RULE];
      case 'space':
        return [SPACE];
      case 'text':
        return textBlocks(row, facts);
      case 'said':
        return rowsIn(row.byLanguage, facts.language).flatMap((text) => textBlocks(text, facts));
    }
  };
  const blocks = [...template.flatMap(blocksOf), ...slipBlocks(facts)];
  return { version: 1, language: facts.language, blocks };
}

/** Every paper after the first says so, at its head. */
export function withCopyMark(document: ReceiptDocument, copyNumber: number): ReceiptDocument {
  if (copyNumber === 0) return document;
  const mark = centred(say(document.language, 'receipt.copy', { n: copyNumber }), true, 2);
  return { ...document, blocks: [mark, ...document.blocks] };
}
