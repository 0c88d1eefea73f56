// Owns the plain language of serial scanners: text with a suffix, answered where that is set.
import type { ScannerCommands } from '#drivers/configuration.ts';
import { feedbackCommand } from '#drivers/scanner/feedback.ts';
import type { ProtocolEvent, ScanProtocol } from '#drivers/scanner/protocol.ts';
import { createFramer, type Framed, type Spoilt } from '#drivers/scanner/serial/framer.ts';
import { createRawReads, type RawReads } from '#drivers/scanner/serial/rawReads.ts';

export interface SerialLanguage {
  /**
   * The scanner waits for ACK after each frame and sends it again after NAK (Honeywell 1902
   * manual): a frame that could not be read is asked for again, and is booked once.
   */
  readonly isAcknowledged: boolean;
  readonly commands: ScannerCommands;
}

const acknowledge = Uint8Array.of(0x06);
const refuse = Uint8Array.of(0x15);
const nothing = new Uint8Array();

/**
 * ModemManager looks for modems on every new ttyACM for about ten seconds (usbd-serial#1), and a
 * scanner that echoes sends it all back. A scan that looks like this is lost, which is why only
 * whole commands are taken for one.
 */
const modemProbe = /^AT(?:[EIQVXZ]\d?(?: ?E0)?|[+&%^$*#].*)?$/;

/** Honeywell's `ESC 7 ,`: answered by what became of the read (Xenon guide p. 111-112). */
function isHostAck({ isAcknowledged, commands }: SerialLanguage): boolean {
  return isAcknowledged && commands === 'honeywell';
}

/**
 * In ACK/NAK mode and in Honeywell's host ACK mode alike the scanner stands still until it is
 * answered, so each frame gets an answer at its end: a scan gets host ACK's from the till, what is
 * no scan gets it here.
 */
function toEvents(
  framed: readonly (Framed | Spoilt)[],
  { isAcknowledged, commands }: SerialLanguage,
): ProtocolEvent[] {
  const razz = isHostAck({ isAcknowledged, commands })
    ? feedbackCommand(commands, 'bad', true)
    : null;
  const refusal = Uint8Array.of(...refuse, ...(razz ?? nothing));
  return framed.flatMap((item): ProtocolEvent[] => {
    if (item.type === 'spoilt') return isAcknowledged ? [{ type: 'reply', bytes: refusal }] : [];
    if (item.type === 'frame' && modemProbe.test(item.text)) {
      return [{ type: 'unreadable', reason: 'noise' }];
    }
    if (!isAcknowledged || item.type !== 'frame') return [item];
    return [{ type: 'reply', bytes: acknowledge }, item];
  });
}

function toReads(reads: ReturnType<RawReads['push']>): ProtocolEvent[] {
  return reads.map((read) => ({ type: 'read', read }));
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

export function createSerialProtocol(
  language: SerialLanguage,
  isTracing: () => boolean,
): ScanProtocol {
  const { isAcknowledged, commands } = language;
  const framer = createFramer();
  const rawReads = createRawReads();
  return {
    push: (bytes, timeMs) => [
      ...(isTracing() ? toReads(rawReads.push(bytes, timeMs)) : []),
      ...toEvents(framer.push(bytes, timeMs), language),
    ],
    tick: (timeMs) => [
      ...toReads(rawReads.tick(timeMs)),
      ...toEvents(framer.tick(timeMs), language),
    ],
    end: () => framer.end(),
    expiresAtMs: () => earlier(framer.expiresAtMs(), rawReads.expiresAtMs()),
    heldBytes: () => framer.heldBytes(),
    awaitsFeedback: isHostAck(language),
    feedback(outcome) {
      const command = feedbackCommand(commands, outcome, isAcknowledged);
      return command === null ? null : [command];
    },
  };
}
