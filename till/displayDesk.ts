// Owns the customer display's side of the device screen: how it took the last rows, and its test.
import type { DeviceErrorCode } from '#drivers/device.ts';
import type { CoreToDevices } from '#till/deviceContract.ts';
import type { DevicesView } from '#till/devicesView.ts';
import { type Language, say } from '#words/say.ts';

/** As many digits as the widest display has columns: they must reach the edge of any. */
const RULER = '1234567890'.repeat(4);

export class DisplayDesk {
  readonly #post: (message: CoreToDevices) => boolean;
  /** Undefined before it was tried. */
  #problem: DeviceErrorCode | null | undefined;
  #isTested: boolean = false;

  constructor(post: (message: CoreToDevices) => boolean) {
    this.#post = post;
  }

  /** Another display, or another devices process: nothing is known. */
  forget(): void {
    this.#problem = undefined;
  }

  told(problem: DeviceErrorCode | null): void {
    this.#problem = problem;
  }

  /** False when there is no devices process at this moment. */
  test(language: Language): boolean {
    const rows = [say(language, 'display.test', {}), RULER] as const;
    this.#isTested = this.#post({ type: 'display.show', rows });
    return this.#isTested;
  }

  /** True when a test text may still be on the display. */
  endTest(): boolean {
    const wasTested = this.#isTested;
    this.#isTested = false;
    return wasTested;
  }

  view(isChosen: boolean): DevicesView['display'] {
    const problem = this.#problem;
    if (!isChosen) return { state: 'none', problem: null };
    if (problem === undefined) return { state: 'opening', problem: null };
    if (problem === null) return { state: 'ready', problem: null };
    return { state: 'absent', problem: { key: `device.${problem}`, args: {} } };
  }
}
