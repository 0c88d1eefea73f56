// Owns the NULs that end a half-said command, written while nobody waits for the printer.
import type { DeviceError } from '#drivers/device.ts';
import type { PrinterSession } from '#drivers/printer/session.ts';
import type { Timers } from '#drivers/timers.ts';

/** A quarter of a second at 9600 baud: whoever needs the printer waits no longer than for one. */
const PIECE_BYTES = 256;

/** `broken`: the printer does not take them, or the session was lost. */
export type FlushOutcome = 'whole' | 'interrupted' | 'broken';

/** Writes so many NULs piece by piece, as long as `isIdle` says so before each. */
export async function flushInPieces(
  session: PrinterSession,
  byteCount: number,
  isIdle: () => boolean,
  stallMs: number,
  timers: Timers,
): Promise<FlushOutcome> {
  for (let left = byteCount; left > 0; left -= PIECE_BYTES) {
    if (!isIdle()) return 'interrupted';
    const piece = new Uint8Array(Math.min(left, PIECE_BYTES));
    if (!(await isTaken(session, piece, stallMs, timers))) return 'broken';
  }
  return 'whole';
}

async function isTaken(
  session: PrinterSession,
  piece: Uint8Array,
  stallMs: number,
  timers: Timers,
): Promise<boolean> {
  let outcome: { readonly error: DeviceError | null } | null = null;
  const written = session.write(piece).then((error) => {
    outcome = { error };
    return outcome;
  });
  const endsAtMs = timers.nowMs() + stallMs;
  for (;;) {
    const leftMs = endsAtMs - timers.nowMs();
    if (session.lost() !== null || leftMs <= 0) return false;
    const settled = await Promise.race([written, session.changed(leftMs).then(() => outcome)]);
    if (settled !== null) return settled.error === null;
  }
}
