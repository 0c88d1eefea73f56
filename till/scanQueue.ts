// Owns the reads that wait for the till: of all scanners together, by arrival, one at a time.
import { waitingScansMax } from '#drivers/scanner/life.ts';
import type { DataEvent } from '#drivers/scanner/scanner.ts';

/** UPOS: one DataEvent is handled before the next is delivered, by whichever scanner it was. */
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

  /** Gives what is dropped: each scanner that read it waits for an answer. */
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
