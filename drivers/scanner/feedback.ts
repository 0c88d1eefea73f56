// Owns what makes a scanner beep: commands for a good and a bad read, by maker.
import { assertNever } from '#drivers/assert.ts';
import type { ScannerCommands, ScannerConfiguration } from '#drivers/configuration.ts';
import type { ReadOutcome } from '#drivers/scanner/protocol.ts';

/**
 * Whose commands each kind of scanner can be given: over HID POS only Honeywell's have a report
 * for them, and Zebra's SSI has commands of its own, which are no matter of choice.
 */
const commandsByType: Record<ScannerConfiguration['type'], readonly ScannerCommands[]> = {
  serial: ['none', 'honeywell', 'datalogic', 'cipherlab'],
  hid: ['none', 'honeywell'],
  ssi: ['none'],
};

export function commandsFor(type: ScannerConfiguration['type']): readonly ScannerCommands[] {
  return commandsByType[type];
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * The command for what became of a read, or null where the maker has none. It is one write: what
 * it holds belongs together. `isAcknowledged`: the scanner is in its maker's host ACK mode.
 *
 * - Honeywell, Xenon user guide p. 111-112: in host ACK mode the scanner stands still until
 *   `ESC 7 ,` (on file) or `ESC 8 ,` twice (not on file); else SYN BEL CR beeps, and no razz is
 *   known. Over HID POS the same bytes travel in output report 253.
 * - Datalogic, Magellan 800i/9300i manuals: `B` beeps; `F` beeps three times and turns the scanner
 *   off until `E`, so the two are never parted.
 * - CipherLab, 1664 manual: `#@////` CR beeps.
 */
export function feedbackCommand(
  commands: ScannerCommands,
  outcome: ReadOutcome,
  isAcknowledged: boolean,
): Uint8Array | null {
  const isGood = outcome === 'good';
  switch (commands) {
    case 'none':
      return null;
    case 'honeywell':
      if (isAcknowledged) return ascii(isGood ? '\u001b7,' : '\u001b8,\u001b8,');
      return isGood ? ascii('\u0016\u0007\r') : null;
    case 'datalogic':
      return ascii(isGood ? 'B' : 'FE');
    case 'cipherlab':
      return isGood ? ascii('#@////\r') : null;
    default:
      return assertNever(commands);
  }
}
