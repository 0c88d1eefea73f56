// Owns serial ports that exist only in this process: plugged, unplugged and fed by a script.
import type { DeviceError } from '#drivers/device.ts';
import { failure, success } from '#drivers/result.ts';
import type {
  PortIdentity,
  PortListener,
  PortSystem,
  SerialSettings,
} from '#drivers/scanner/ports.ts';
import type { Timers } from '#drivers/timers.ts';

/** What the system would list of a device; absent for one that it does not name. */
export type FakeIdentity = Omit<PortIdentity, 'path'>;

export interface FakePorts<Settings = SerialSettings> extends PortSystem<Settings> {
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
  /** How the port at `path` was opened last; null when it never was. */
  settingsOf(path: string): Settings | null;
  /** Hears what is written to the device at `path`; the last listener only. */
  onWritten(path: string, listener: (bytes: Uint8Array) => void): void;
  /** From now on the device at `path` takes nothing: writes wait. `false` takes all of them. */
  stall(path: string, isStalled: boolean): void;
}

interface Device {
  readonly key: string;
  readonly identity: FakeIdentity | null;
  listener: PortListener | null;
}

/** What a device makes of being written to. */
interface Receiver {
  hear: (bytes: Uint8Array) => void;
  isStalled: boolean;
  waiting: (() => void)[];
}

const alreadyOpen: DeviceError = { code: 'claimed-elsewhere', detail: 'Cannot lock port' };
const closed: DeviceError = { code: 'closed', detail: 'Port is not open' };
const noDevice: DeviceError = { code: 'no-hardware', detail: 'No such file or directory' };

function createReceivers() {
  const receivers = new Map<string, Receiver>();
  function at(path: string): Receiver {
    const known = receivers.get(path);
    if (known !== undefined) return known;
    const fresh: Receiver = { hear: () => undefined, isStalled: false, waiting: [] };
    receivers.set(path, fresh);
    return fresh;
  }
  return {
    at,
    async ready(path: string): Promise<void> {
      const receiver = at(path);
      if (receiver.isStalled) await new Promise<void>((go) => receiver.waiting.push(go));
    },
  };
}

export function createFakePorts<Settings = SerialSettings>(timers: Timers): FakePorts<Settings> {
  const devices = new Map<string, Device>();
  const links = new Map<string, string>();
  const refusals = new Map<string, DeviceError>();
  const listeners = new Set<PortListener>();
  const settingsByPath = new Map<string, Settings>();
  let plugCount = 0;

  const follow = (path: string): string => links.get(path) ?? path;
  const receivers = createReceivers();

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
    settingsOf: (path) => settingsByPath.get(follow(path)) ?? null,
    onWritten: (path, listener) =>
      void Object.assign(receivers.at(follow(path)), { hear: listener }),
    stall(path, isStalled) {
      const receiver = receivers.at(follow(path));
      receiver.isStalled = isStalled;
      if (!isStalled) for (const go of receiver.waiting.splice(0)) go();
    },
    async open(path, settings, listener) {
      const device = devices.get(follow(path));
      const refusal = refusals.get(follow(path));
      if (device === undefined) return failure(noDevice);
      if (refusal !== undefined) return failure(refusal);
      if (device.listener !== null && listeners.has(device.listener)) return failure(alreadyOpen);
      device.listener = listener;
      listeners.add(listener);
      settingsByPath.set(follow(path), settings);
      return success({
        async write(bytes) {
          await receivers.ready(follow(path));
          if (!listeners.has(listener)) return closed;
          receivers.at(follow(path)).hear(bytes);
          return null;
        },
        close: async () => void listeners.delete(listener),
      });
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
