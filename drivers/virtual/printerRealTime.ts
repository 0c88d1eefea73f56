// Owns the commands that a printer obeys on receipt, even inside other data.

export type RealTimeCommand =
  | { readonly type: 'status'; readonly query: 1 | 2 | 3 | 4 }
  | { readonly type: 'recover'; readonly isClearing: boolean }
  | { readonly type: 'clear'; readonly isClearing: true }
  | { readonly type: 'pulse' };

const clearBuffers = [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/** Sees every byte once, in order; a command may be split over any number of packets. */
export function createRealTimeScanner(
  onCommand: (command: RealTimeCommand) => void,
): (byte: number) => void {
  let tail: number[] = [];
  return (byte) => {
    tail = [...tail.slice(-9), byte];
    const [lead, kind, argument] = tail.slice(-3);
    if (lead === 0x10 && kind === 0x04) {
      if (argument === 1 || argument === 2 || argument === 3 || argument === 4) {
        onCommand({ type: 'status', query: argument });
      }
    } else if (lead === 0x10 && kind === 0x05 && (argument === 1 || argument === 2)) {
      onCommand({ type: 'recover', isClearing: argument === 2 });
    }
    const [pulseLead, pulseKind, pulseFunction] = tail.slice(-5);
    if (tail.length >= 5 && pulseLead === 0x10 && pulseKind === 0x14 && pulseFunction === 1) {
      onCommand({ type: 'pulse' });
    }
    if (tail.length === 10 && clearBuffers.every((value, index) => tail[index] === value)) {
      onCommand({ type: 'clear', isClearing: true });
    }
  };
}
