// Owns what a person asks: which devices there are, what the printer can do, and no answer to it.
import type { FoundDevice, PrinterCapabilities } from '#drivers/configuration.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { TillError } from '#till/contract.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import type { DevicesView } from '#till/devicesView.ts';

type Done = Record<string, never>;
type Answered = Pick<
  DevicesView,
  'isFinding' | 'found' | 'findProblem' | 'isProbing' | 'probeProblem'
>;

const FIND_PROBLEM = { key: 'devices.findProblem', args: {} };
const PROBE_PROBLEM = { key: 'devices.probeProblem', args: {} };

export class DeviceQuestions {
  readonly #post: (message: CoreToDevices) => boolean;
  #found: readonly FoundDevice[] | null = null;
  #isFinding: boolean = false;
  /** A list of this computer could not be had: that nothing stands in it means nothing. */
  #isFindIncomplete: boolean = false;
  #isProbing: boolean = false;
  #isProbeUnanswered: boolean = false;
  /** What it answers holds for this printer, not for one that was chosen meanwhile. */
  #probedAddress: string | null = null;

  constructor(post: (message: CoreToDevices) => boolean) {
    this.#post = post;
  }

  find(): Result<Done, TillError> {
    if (this.#isFinding) return success({});
    this.#isFinding = this.#post({ type: 'find' });
    if (!this.#isFinding) return failure({ code: 'devices-unavailable' });
    this.#isFindIncomplete = false;
    return success({});
  }

  probe(address: string): Result<Done, TillError> {
    this.#probedAddress = address;
    this.#isProbing = this.#post({ type: 'printer.probe' });
    if (!this.#isProbing) return failure({ code: 'devices-unavailable' });
    this.#isProbeUnanswered = false;
    return success({});
  }

  found({ devices, detail }: DevicesToCore & { type: 'found' }): void {
    this.#isFinding = false;
    this.#found = devices;
    this.#isFindIncomplete = detail !== null;
  }

  /** True where the answer holds for the printer at this address. */
  probed(address: string | null, capabilities: PrinterCapabilities | null): boolean {
    this.#isProbing = false;
    if (address !== this.#probedAddress) return false;
    this.#isProbeUnanswered = capabilities === null;
    return capabilities !== null;
  }

  /** Nobody is left to answer. */
  forget(): void {
    this.#isFindIncomplete ||= this.#isFinding;
    this.#isFinding = false;
    this.#isProbeUnanswered ||= this.#isProbing;
    this.#isProbing = false;
  }

  view(address: string | null): Answered {
    const isUnanswered = this.#isProbeUnanswered && address === this.#probedAddress;
    return {
      isFinding: this.#isFinding,
      found: this.#found === null ? null : this.#found.map((device) => ({ ...device })),
      findProblem: this.#isFindIncomplete ? FIND_PROBLEM : null,
      isProbing: this.#isProbing,
      probeProblem: isUnanswered ? PROBE_PROBLEM : null,
    };
  }
}
