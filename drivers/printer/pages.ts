// Owns what each printer code page can say: one table, for the encoder's check and for the paper.

export type PageName = 'cp437' | 'cp857' | 'cp858' | 'windows1252' | 'windows1254';

/**
 * Bytes 80h to FFh of each page, `\0` where the page defines nothing: unicode.org's mapping tables
 * (VENDORS/MICSFT). Byte D5h of cp857 is undefined there, though some encoders put the euro sign
 * into it: euro never goes through cp857.
 */
const upperHalves: Readonly<Record<PageName, string>> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0',
  cp857:
    'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\0ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\0×ÚÛÙìÿ¯´\xad±\0¾¶§÷¸°¨·¹³²■\xa0',
  cp858:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0',
  windows1252:
    '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ\xa0¡¢£¤¥¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾¿' +
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  windows1254:
    '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0\0\0\0‘’“”•–—˜™š›œ\0\0Ÿ\xa0¡¢£¤¥¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾¿' +
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ',
};

function readPage(name: PageName): ReadonlyMap<string, number> {
  const bytesByCharacter = new Map<string, number>();
  for (let byte = 0x20; byte < 0x7f; byte += 1) {
    bytesByCharacter.set(String.fromCharCode(byte), byte);
  }
  for (const [index, character] of [...upperHalves[name]].entries()) {
    // Soft hyphen and no-break space look different from one printer to the next.
    if (character === '\0' || character === '\xad' || character === '\xa0') continue;
    // The encoder writes these as bytes 15h and 14h in IBM's pages: control bytes to a printer.
    if (name.startsWith('cp') && (character === '§' || character === '¶')) continue;
    bytesByCharacter.set(character, 0x80 + index);
  }
  return bytesByCharacter;
}

const pages: Readonly<Record<PageName, ReadonlyMap<string, number>>> = {
  cp437: readPage('cp437'),
  cp857: readPage('cp857'),
  cp858: readPage('cp858'),
  windows1252: readPage('windows1252'),
  windows1254: readPage('windows1254'),
};

/** True when `character` (one code point) has a byte of its own on this page. */
export function isPrintable(page: PageName, character: string): boolean {
  return pages[page].has(character);
}

/** Every character that this page prints, with its byte. */
export function charactersOf(page: PageName): ReadonlyMap<string, number> {
  return pages[page];
}

/** What the printer draws for a byte from 20h to FFh; null where the page defines nothing. */
export function decodeByte(page: PageName, byte: number): string | null {
  if (byte < 0x80) return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : null;
  const character = upperHalves[page].charAt(byte - 0x80);
  if (character === '\0' || character === '') return null;
  return character === '\xa0' ? ' ' : character;
}
