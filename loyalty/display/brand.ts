// Owns how a shop's own brand reads and fits: its name for points, and its logo on paper.

/** Names of a thing that is counted, by language. */
interface CountedNames {
  readonly one: Readonly<Record<string, string>>;
  readonly other: Readonly<Record<string, string>>;
}

/** `1 Stamp`, `2 Stamps`: as the language counts; without a name in it, the first one. */
export function countedName(names: CountedNames, language: string, count: number): string {
  const isOne = new Intl.PluralRules(language).select(Math.abs(count)) === 'one';
  const texts = isOne ? names.one : names.other;
  return `${count} ${texts[language] ?? Object.values(texts)[0] ?? ''}`;
}

/** A logo is never wider than the paper prints, and never blown up. */
export function logoWidthDots(logoPixels: number, paperDots: number): number {
  return Math.min(logoPixels, paperDots);
}
