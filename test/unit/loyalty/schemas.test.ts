// Goal: the published schemas are the code's own, and an editor that follows them refuses what the
// code refuses. Method: made from the zod schemas and compared (npx vitest run -u writes them).
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { basketFile } from '#loyalty/files/basketFile.ts';
import { pricedForm } from '#loyalty/files/pricedForm.ts';
import { stateFile } from '#loyalty/files/stateFile.ts';
import { programmeFile } from '#loyalty/programme/programmeFile.ts';

describe('published schemas', () => {
  it.each([
    ['programme', 'Puan programme file', programmeFile],
    ['state', 'Puan state file: members and books', stateFile],
    ['basket', 'Puan basket file: a sale or another occasion', basketFile],
    ['pricing', 'What npm run price prints', pricedForm],
  ] as const)('%s.schema.json is current', async (name, title, schema) => {
    const io = name === 'pricing' ? 'output' : 'input';
    const published = z.toJSONSchema(schema, { io, reused: 'ref' });
    const text = `${JSON.stringify({ title, ...published }, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`../../../docs/${name}.schema.json`);
  });
});
