// Owns the sentence behind a number: a key of the word catalogues and its arguments.

/** Message key of the word catalogues and its arguments: a sentence in any language, for ever. */
export interface Why {
  readonly whyKey: string;
  /** Only integers and strings, so that the canonical form is exact. */
  readonly whyArgs: Readonly<Record<string, string | number>>;
}

/** `{ name_en, name_tr }`: a programme's own name in each of its languages. */
export function nameArgs(
  name: Readonly<Record<string, string>>,
  stem = 'name',
): Record<string, string> {
  const args: Record<string, string> = {};
  for (const [language, text] of Object.entries(name)) args[`${stem}_${language}`] = text;
  return args;
}
