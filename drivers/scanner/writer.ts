// Owns what a scanner is told: answers at once, feedback only while the line takes it.
import type { OpenPort } from '#drivers/scanner/ports.ts';
import type { Timers } from '#drivers/timers.ts';

/** Later than this, a beep belongs to the next article (scanners.md §2.4). */
const feedbackDeadlineMs = 250;

export interface ScannerWriter {
  /** An answer of the protocol: the scanner waits for it. */
  reply(bytes: Uint8Array): void;
  /**
   * Writes one command after the other. Given up after 250 ms: nothing is put behind a write that
   * is stuck, and while one feedback waits for its turn no second one queues.
   */
  feedback(commands: readonly Uint8Array[]): void;
  stop(): void;
}

export function createScannerWriter(port: OpenPort, timers: Timers): ScannerWriter {
  let pendingCount = 0;
  let isStopped = false;
  let isWaiting = false;
  let goOn = (): void => undefined;
  let giveUp = (): void => undefined;

  async function write(bytes: Uint8Array): Promise<void> {
    pendingCount += 1;
    // What went wrong shows as a port that closes; an answer that got lost is asked for again.
    await port.write(bytes);
    pendingCount -= 1;
    if (pendingCount === 0) goOn();
  }

  async function writeInTime(commands: readonly Uint8Array[]): Promise<void> {
    let isLate = false;
    const cancel = timers.after(feedbackDeadlineMs, () => giveUp());
    const late = new Promise<void>((resolve) => {
      giveUp = () => {
        isLate = true;
        resolve();
      };
    });
    for (const command of commands) {
      if (pendingCount > 0) {
        const idle = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        await Promise.race([idle, late]);
      }
      if (isLate || isStopped) break;
      void write(command);
    }
    cancel();
  }

  return {
    reply: (bytes) => void write(bytes),
    feedback(commands) {
      if (isWaiting || isStopped) return;
      isWaiting = true;
      void writeInTime(commands).then(() => {
        isWaiting = false;
      });
    },
    stop() {
      isStopped = true;
      giveUp();
    },
  };
}
