// Owns what is printed in place of an emoji: its name.
import { createRequire } from 'node:module';

type Names = Readonly<Record<string, { readonly name: string } | undefined>>;

/** Any emoji, joined ones and flags as one. From text: `v` is newer than what we compile for. */
const emoji = new RegExp(['\\p{RGI_Emoji}', '\\p{Emoji_Presentation}'].join('|'), 'gv');
/** Cheap: no text without one of these holds an emoji. */
const mayHold = /[\p{Extended_Pictographic}\p{Regional_Indicator}]|\u20e3/u;
const skinTones = /[\u{1f3fb}-\u{1f3ff}]/gu;
const variants = /\ufe0f/g;

let loadedNames: Names | null = null;

/** 390 kB that most shops never need. */
function names(): Names {
  loadedNames ??= createRequire(import.meta.url)('unicode-emoji-json/data-by-emoji.json') as Names;
  return loadedNames;
}

function nameOf(found: string): string {
  const bare = found.replace(skinTones, '');
  const plain = bare.replace(variants, '');
  return (names()[bare] ?? names()[plain] ?? names()[`${plain}\ufe0f`])?.name ?? 'emoji';
}

/** `🎉` becomes `(party popper)`: Unicode's English name. Other text stays as it is. */
export function nameEmoji(text: string): string {
  if (!mayHold.test(text)) return text;
  return text.replace(emoji, (found) => `(${nameOf(found)})`);
}
