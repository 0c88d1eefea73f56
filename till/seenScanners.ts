// Owns what the till knows of each scanner: its state, its problem, and what it sent twice.
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import type { DeviceError, DeviceState } from '#drivers/device.ts';
import type { DevicesView } from '#till/devicesView.ts';

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
  readonly #scanners = new Map<string, SeenScanner>();

  /** The devices process is gone, or another one has begun. */
  forget(): void {
    this.#scanners.clear();
  }

  changed(deviceId: string, state: DeviceState, error: DeviceError | null): void {
    const seen = this.#seen(deviceId);
    seen.state = state;
    seen.problem = error?.code ?? null;
  }

  suppressed(deviceId: string): void {
    this.#seen(deviceId).suppressedCount += 1;
  }

  suppressedCount(): number {
    return [...this.#scanners.values()].reduce((sum, seen) => sum + seen.suppressedCount, 0);
  }

  isReady({ type, address }: ScannerConfiguration): boolean {
    return this.#scanners.get(`${type}:${address}`)?.state === 'ready';
  }

  /** What the scanners that stay have sent twice stays counted; their states are told anew. */
  keep(scanners: readonly ScannerConfiguration[]): void {
    const counts = new Map<string, number>();
    for (const [deviceId, { suppressedCount }] of this.#scanners) {
      counts.set(addressOf(deviceId), suppressedCount);
    }
    this.#scanners.clear();
    for (const { type, address } of scanners) {
      const suppressedCount = counts.get(address);
      if (suppressedCount !== undefined) {
        this.#seen(`${type}:${address}`).suppressedCount = suppressedCount;
      }
    }
  }

  view(): DevicesView['scanners'] {
    return [...this.#scanners].map(([deviceId, { state, problem, suppressedCount }]) => ({
      deviceId,
      state,
      problem: problem === null ? null : { key: `device.${problem}`, args: {} },
      suppressedCount,
    }));
  }

  #seen(deviceId: string): SeenScanner {
    const seen = this.#scanners.get(deviceId) ?? {
      state: 'opening',
      problem: null,
      suppressedCount: 0,
    };
    this.#scanners.set(deviceId, seen);
    return seen;
  }
}
