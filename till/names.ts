// Owns picking a programme's own name in a language that it may not have.

/** The name in the language, else in English, else in whichever the programme wrote first. */
export function nameIn(name: Readonly<Record<string, string>>, language: string): string {
  return name[language] ?? name['en'] ?? Object.values(name)[0] ?? '';
}

/** `name_en`, `name_tr` … of a sentence's arguments, or null where it names nothing. */
export function nameOfArgs(
  args: Readonly<Record<string, string | number>>,
  language: string,
): string | null {
  const named = args[`name_${language}`] ?? args['name_en'];
  return typeof named === 'string' ? named : null;
}
