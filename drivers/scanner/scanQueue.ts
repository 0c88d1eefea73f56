// Owns reads that wait: by arrival, one at a time, and no more than a person could mean.
import type { DataEvent } from '#drivers/scanner/scanner.ts';

/** More than this is no shopping any more (scanners.md §4, row 11). */
export const waitingScansMax = 16;

/**
 * UPOS DataEventEnabled: one DataEvent is handled before the next is delivered. A scanner has such
 * a queue, and the till one for all its scanners, so that they keep their order.
 */
export class ScanQueue {
  readonly #deliver: (event: DataEvent) => void;
  readonly #waiting: DataEvent[] = [];
  #isEnabled: boolean = false;

  constructor(deliver: (event: DataEvent) => void) {
    this.#deliver = deliver;
  }

  /** False when as many wait as may, and this read was dropped. */
  add(event: DataEvent): boolean {
    if (!this.#isEnabled && this.#waiting.length >= waitingScansMax) return false;
    this.#waiting.push(event);
    this.#next();
    return true;
  }

  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
    this.#next();
  }

  /** Gives what is dropped: whatever scanner read it may wait for an answer. */
  clear(): readonly DataEvent[] {
    return this.#waiting.splice(0);
  }

  #next(): void {
    const event = this.#isEnabled ? this.#waiting.shift() : undefined;
    if (event === undefined) return;
    this.#isEnabled = false;
    this.#deliver(event);
  }
}
