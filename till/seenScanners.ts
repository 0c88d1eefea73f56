// Owns what the scanners in use have said of themselves: their states, and what they sent twice.
import type { DeviceConfiguration } from '#drivers/configuration.ts';
import type { DeviceState } from '#drivers/device.ts';
import type { DevicesToCore } from '#till/deviceContract.ts';
import type { DevicesView } from '#till/devicesView.ts';

type Scanners = DeviceConfiguration['scanners'];

interface SeenScanner {
  state: DeviceState;
  problem: string | null;
  suppressedCount: number;
}

/** A scanner is called by its language and its address: `serial:/dev/ttyS0`. */
function addressOf(deviceId: string): string {
  return deviceId.slice(deviceId.indexOf(':') + 1);
}

export class SeenScanners {
  readonly #seen = new Map<string, SeenScanner>();

  told({ deviceId, state, error }: DevicesToCore & { type: 'scanner.state' }): void {
    const seen = this.#at(deviceId);
    seen.state = state;
    seen.problem = error?.code ?? null;
  }

  repeated(deviceId: string): void {
    this.#at(deviceId).suppressedCount += 1;
  }

  suppressedCount(): number {
    return [...this.#seen.values()].reduce((sum, { suppressedCount }) => sum + suppressedCount, 0);
  }

  /** `ready` when every one of them has said that it is. */
  stateOf(scanners: Scanners): 'none' | 'ready' | 'lost' {
    if (scanners.length === 0) return 'none';
    const isReady = scanners.every(
      ({ type, address }) => this.#seen.get(`${type}:${address}`)?.state === 'ready',
    );
    return isReady ? 'ready' : 'lost';
  }

  forget(): void {
    this.#seen.clear();
  }

  /** What the scanners that stay have sent twice stays counted; their states are told anew. */
  keepCounts(scanners: Scanners): void {
    const counts = new Map<string, number>();
    for (const [deviceId, { suppressedCount }] of this.#seen) {
      counts.set(addressOf(deviceId), suppressedCount);
    }
    this.#seen.clear();
    for (const { type, address } of scanners) {
      const suppressedCount = counts.get(address);
      if (suppressedCount !== undefined) {
        this.#at(`${type}:${address}`).suppressedCount = suppressedCount;
      }
    }
  }

  view(): DevicesView['scanners'] {
    return [...this.#seen].map(([deviceId, { state, problem, suppressedCount }]) => ({
      deviceId,
      state,
      problem: problem === null ? null : { key: `device.${problem}`, args: {} },
      suppressedCount,
    }));
  }

  #at(deviceId: string): SeenScanner {
    const unknown: SeenScanner = { state: 'opening', problem: null, suppressedCount: 0 };
    const seen = this.#seen.get(deviceId) ?? unknown;
    this.#seen.set(deviceId, seen);
    return seen;
  }
}
