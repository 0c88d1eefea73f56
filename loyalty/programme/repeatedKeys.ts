// Owns keys that stand twice in an object of JSON text: a parser keeps the last one in silence.

/** A bracket that is open, and where in it the text is. */
interface Level {
  /** Keys so far; null in a list. */
  readonly keys: Set<string> | null;
  at: string | number;
  isBeforeColon: boolean;
}

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** The path of each, in text that is known to be JSON. */
export function repeatedKeys(text: string): readonly (readonly (string | number)[])[] {
  const levels: Level[] = [];
  const paths: (string | number)[][] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ keys: new Set(), at: '', isBeforeColon: true });
    else if (token === '[') levels.push({ keys: null, at: 0, isBeforeColon: false });
    else if (token === '}' || token === ']') levels.pop();
    else if (level === undefined) continue;
    else if (token === ':') level.isBeforeColon = false;
    else if (token === ',') {
      if (typeof level.at === 'number') level.at += 1;
      else level.isBeforeColon = true;
    } else if (level.isBeforeColon && level.keys !== null) {
      // Two spellings of one key ("a" and "\u0061") are the same key.
      const key = String(JSON.parse(token));
      level.at = key;
      if (level.keys.has(key)) paths.push(levels.map(({ at }) => at));
      level.keys.add(key);
    }
  }
  return paths;
}
