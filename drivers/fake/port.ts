// Owns serial ports that exist only in this process: plugged, unplugged and fed by a script.
import type { DeviceError } from '#drivers/device.ts';
import { failure, success } from '#drivers/result.ts';
import type { PortIdentity, PortListener, PortSystem } from '#drivers/scanner/ports.ts';
import type { Timers } from '#drivers/timers.ts';

/** What the system would list of a device; absent for one that it does not name. */
export type FakeIdentity = Omit<PortIdentity, 'path'>;

export interface FakePorts extends PortSystem {
  /** A device appears at `path`. */
  plug(path: string, identity?: FakeIdentity): void;
  /** `link` leads to `path` from now on. */
  link(link: string, path: string): void;
  /**
   * The device at `path` goes away. With `isSilent` an open port never says so, as a serial port
   * of Linux may not (bindings-cpp#162).
   */
  unplug(path: string, isSilent?: boolean): void;
  /** The device sends bytes; lost when nobody has opened it, as on a real line. */
  send(path: string, bytes: Uint8Array): void;
  /** From now on opening `path` fails so; null opens it again. */
  refuse(path: string, error: DeviceError | null): void;
  /** How many ports are open now. */
  openCount(): number;
}

interface Device {
  readonly key: string;
  readonly identity: FakeIdentity | null;
  listener: PortListener | null;
}

const alreadyOpen: DeviceError = { code: 'claimed-elsewhere', detail: 'Cannot lock port' };
const noDevice: DeviceError = { code: 'no-hardware', detail: 'No such file or directory' };

export function createFakePorts(timers: Timers): FakePorts {
  const devices = new Map<string, Device>();
  const links = new Map<string, string>();
  const refusals = new Map<string, DeviceError>();
  const listeners = new Set<PortListener>();
  let plugCount = 0;

  const follow = (path: string): string => links.get(path) ?? path;

  return {
    timers,
    watchPeriodMs: 1000,
    plug(path, identity) {
      plugCount += 1;
      devices.set(path, {
        key: `${path} ${plugCount}`,
        identity: identity ?? null,
        listener: null,
      });
    },
    link: (link, path) => void links.set(link, path),
    unplug(path, isSilent = false) {
      const listener = devices.get(follow(path))?.listener;
      devices.delete(follow(path));
      if (listener == null || isSilent || !listeners.delete(listener)) return;
      listener.onClosed({ code: 'offline', detail: 'bad file descriptor' });
    },
    send(path, bytes) {
      const listener = devices.get(follow(path))?.listener;
      if (listener != null && listeners.has(listener)) listener.onData(bytes);
    },
    refuse(path, error) {
      if (error === null) refusals.delete(follow(path));
      else refusals.set(follow(path), error);
    },
    openCount: () => listeners.size,
    async open(path, _baudRate, listener) {
      const device = devices.get(follow(path));
      const refusal = refusals.get(follow(path));
      if (device === undefined) return failure(noDevice);
      if (refusal !== undefined) return failure(refusal);
      if (device.listener !== null && listeners.has(device.listener)) return failure(alreadyOpen);
      device.listener = listener;
      listeners.add(listener);
      return success({ close: async () => void listeners.delete(listener) });
    },
    async list() {
      return [...devices].flatMap(([path, { identity }]) =>
        identity === null ? [] : [{ ...identity, path }],
      );
    },
    async node(path) {
      const realPath = follow(path);
      const device = devices.get(realPath);
      return device === undefined ? null : { realPath, key: device.key };
    },
  };
}
