// Owns the commands that a printer obeys on receipt, even inside other data.

export type RealTimeCommand =
  | { readonly type: 'status'; readonly query: 1 | 2 | 3 | 4 }
  | { readonly type: 'recover'; readonly isClearing: boolean }
  | { readonly type: 'clear'; readonly isClearing: true }
  | { readonly type: 'pulse'; readonly onMs: number }
  | { readonly type: 'powerOff' };

const DLE = 0x10;
const DC4 = 0x14;
const clearBuffers = [DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8];
const powerOff = [DLE, DC4, 2, 1, 8];
const PULSE_UNIT_MS = 100;

function endsWith(tail: readonly number[], command: readonly number[]): boolean {
  const start = tail.length - command.length;
  return start >= 0 && command.every((value, index) => tail[start + index] === value);
}

/** Sees every byte once, in order; a command may be split over any number of packets. */
export function createRealTimeScanner(
  onCommand: (command: RealTimeCommand) => void,
): (byte: number) => void {
  let tail: number[] = [];

  function short(lead: number, kind: number, argument: number): void {
    if (lead !== DLE) return;
    if (kind === 0x04 && (argument === 1 || argument === 2 || argument === 3 || argument === 4)) {
      onCommand({ type: 'status', query: argument });
    }
    if (kind === 0x05 && (argument === 1 || argument === 2)) {
      onCommand({ type: 'recover', isClearing: argument === 2 });
    }
  }

  return (byte) => {
    tail = [...tail.slice(-9), byte];
    const [lead = 0, kind = 0, argument = 0] = tail.slice(-3);
    short(lead, kind, argument);
    const [pin = 0, units = 0] = tail.slice(-2);
    const isPulse = endsWith(tail.slice(0, -2), [DLE, DC4, 1]) && pin <= 1;
    if (isPulse && units >= 1 && units <= 8) {
      onCommand({ type: 'pulse', onMs: units * PULSE_UNIT_MS });
    }
    if (endsWith(tail, powerOff)) onCommand({ type: 'powerOff' });
    if (endsWith(tail, clearBuffers)) onCommand({ type: 'clear', isClearing: true });
  };
}
