// Owns the plain language of serial scanners: text with a suffix, answered where that is set.
import type { ScannerCommands } from '#drivers/configuration.ts';
import { feedbackCommand } from '#drivers/scanner/feedback.ts';
import type { ProtocolEvent, ScanProtocol } from '#drivers/scanner/protocol.ts';
import { createFramer, type Framed } from '#drivers/scanner/serial/framer.ts';
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

/**
 * ModemManager looks for modems on every new ttyACM for about ten seconds (usbd-serial#1), and a
 * scanner that echoes sends it all back. A scan that looks like this is lost, which is why only
 * whole commands are taken for one.
 */
const modemProbe = /^AT(?:[EIQVXZ]\d?(?: ?E0)?|[+&%^$*#].*)?$/;

function toEvents(framed: readonly Framed[], isAcknowledged: boolean): ProtocolEvent[] {
  return framed.flatMap((item): ProtocolEvent[] => {
    if (item.type === 'frame' && modemProbe.test(item.text)) {
      return [{ type: 'unreadable', reason: 'noise' }];
    }
    if (!isAcknowledged) return [item];
    return [{ type: 'reply', bytes: item.type === 'frame' ? acknowledge : refuse }, item];
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
  { isAcknowledged, commands }: SerialLanguage,
  isTracing: () => boolean,
): ScanProtocol {
  const framer = createFramer();
  const rawReads = createRawReads();
  return {
    push: (bytes, timeMs) => [
      ...(isTracing() ? toReads(rawReads.push(bytes, timeMs)) : []),
      ...toEvents(framer.push(bytes, timeMs), isAcknowledged),
    ],
    tick: (timeMs) => [
      ...toReads(rawReads.tick(timeMs)),
      ...toEvents(framer.tick(timeMs), isAcknowledged),
    ],
    end: () => framer.end(),
    expiresAtMs: () => earlier(framer.expiresAtMs(), rawReads.expiresAtMs()),
    heldBytes: () => framer.heldBytes(),
    feedback(outcome) {
      const command = feedbackCommand(commands, outcome, isAcknowledged);
      return command === null ? null : [command];
    },
  };
}
