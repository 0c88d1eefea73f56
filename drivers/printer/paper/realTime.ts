// Owns the guard against bytes that a printer obeys at once, even in the middle of other data.

const DLE = 0x10;
const EOT = 0x04;
const ENQ = 0x05;
const DC4 = 0x14;

/**
 * Where the first real-time command starts (DLE EOT, DLE ENQ, DLE DC4), or −1. Printers carry
 * these out on receipt, before their parser sees them (Epson TM-L90 specification p. 83), so a job
 * must hold none by accident: `10 05 02` throws the whole receipt away.
 */
export function findRealTimeCommand(bytes: ArrayLike<number>): number {
  for (let index = 0; index + 2 < bytes.length; index += 1) {
    if (bytes[index] !== DLE) continue;
    const argument = bytes[index + 2] ?? 0;
    const isCommand =
      (bytes[index + 1] === EOT && argument >= 1 && argument <= 0x12) ||
      (bytes[index + 1] === ENQ && argument <= 2) ||
      (bytes[index + 1] === DC4 && argument >= 1 && argument <= 8);
    if (isCommand) return index;
  }
  return -1;
}
