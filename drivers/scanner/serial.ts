// Owns a scanner on a serial port: found, opened, watched, lost and found again.
import { assert, assertNever } from '#drivers/assert.ts';
import type { DeviceError, DeviceState } from '#drivers/device.ts';
import { createFramer, type Framed, type Framer } from '#drivers/scanner/framer.ts';
import type { PortIdentity, PortNode, PortSystem } from '#drivers/scanner/ports.ts';
import type { DataEvent, Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { parseFrame } from '#drivers/scanner/symbology.ts';

export interface SerialScannerSettings {
  /** A node (/dev/ttyACM0, COM3), or a link to one, such as those under /dev/serial/by-id. */
  readonly path: string;
  readonly baudRate: number;
}

const retryDelayMsMin = 500;
const retryDelayMsMax = 5000;
/** Scans that may wait for the till. */
export const waitingScansMax = 16;

interface State {
  readonly settings: SerialScannerSettings;
  readonly ports: PortSystem;
  readonly deviceId: string;
  readonly framer: Framer;
  readonly waiting: DataEvent[];
  listener: ((event: ScannerEvent) => void) | null;
  isEnabled: boolean;
  isReleased: boolean;
  /** Ends what the scanner waits for just now: a retry, or the loss of the open port. */
  wake: (() => void) | null;
  running: Promise<void>;
  wasReady: boolean;
  announced: { readonly state: DeviceState; readonly code: string | null } | null;
  /** The device that was last open, where the system can tell it from others. */
  identity: PortIdentity | null;
  suppressedCount: number;
}

type Found = { readonly path: string; readonly node: PortNode } | DeviceError;

function emit(state: State, event: ScannerEvent): void {
  if (!state.isReleased) state.listener?.(event);
}

function announce(state: State, deviceState: DeviceState, error: DeviceError | null): void {
  const code = error?.code ?? null;
  if (state.announced?.state === deviceState && state.announced.code === code) return;
  state.announced = { state: deviceState, code };
  emit(state, { type: 'state', state: deviceState, error });
}

function announceMissing(state: State, error: DeviceError): void {
  announce(state, state.wasReady ? 'lost' : 'absent', error);
}

function deliver(state: State, event: DataEvent): void {
  state.isEnabled = false;
  emit(state, { type: 'data', event });
}

function accept(state: State, framed: readonly Framed[]): void {
  for (const item of framed) {
    if (item.type === 'duplicate') {
      state.suppressedCount += 1;
      emit(state, { type: 'suppressed' });
    } else if (item.type === 'unreadable') {
      emit(state, item);
    } else {
      acceptFrame(state, item.text, item.endedAtMs);
    }
  }
}

function acceptFrame(state: State, text: string, readAtMs: number): void {
  const parsed = parseFrame(text);
  switch (parsed.type) {
    case 'answer':
      return;
    case 'empty':
      emit(state, { type: 'unreadable', reason: 'incomplete' });
      return;
    case 'scan': {
      const event = { ...parsed.data, deviceId: state.deviceId, readAtMs };
      if (state.isEnabled) deliver(state, event);
      else if (state.waiting.length < waitingScansMax) state.waiting.push(event);
      else emit(state, { type: 'overflow' });
      return;
    }
    default:
      assertNever(parsed);
  }
}

/** Waits, and may be woken by `release`. */
function pause(state: State, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = state.ports.timers.after(delayMs, resolve);
    state.wake = () => {
      cancel();
      resolve();
    };
  });
}

function isSameModel(a: PortIdentity, b: PortIdentity): boolean {
  return a.vendorId === b.vendorId && a.productId === b.productId;
}

/**
 * Where the known device is now: by serial number, else at its old place, else the only one of its
 * model. Another unit of the model at the configured place is a replacement. Null when it is not
 * there, or when two could be it.
 */
function choosePort(
  identity: PortIdentity,
  configuredPath: string,
  listed: readonly PortIdentity[],
): string | null {
  const model = listed.filter((port) => isSameModel(port, identity));
  const own = model.find(
    (port) => identity.serialNumber !== null && port.serialNumber === identity.serialNumber,
  );
  if (own !== undefined) return own.path;
  if (model.some((port) => port.path === configuredPath)) return configuredPath;
  const [only, second] = model;
  const isSure = identity.serialNumber === null && second === undefined;
  return isSure && only !== undefined ? only.path : null;
}

async function find(state: State): Promise<Found> {
  const { ports, settings, identity } = state;
  const listed = identity === null ? null : await ports.list();
  const path =
    identity === null || listed === null
      ? settings.path
      : choosePort(identity, settings.path, listed);
  const node = path === null ? null : await ports.node(path);
  if (path !== null && node !== null) return { path, node };
  return { code: 'no-hardware', detail: `no scanner at ${settings.path}` };
}

/** Learns what a plain node's device is called. A link needs no name: the link is one. */
async function identify(
  state: State,
  path: string,
  node: PortNode,
  isOpen: () => boolean,
): Promise<void> {
  if (node.realPath !== path) return;
  const listed = await state.ports.list();
  const found = listed?.find((port) => port.path === path && port.vendorId !== null);
  // What is listed after a loss may be another device under the same name.
  if (found !== undefined && isOpen()) state.identity = found;
}

/** Runs `lose` once the node is gone: a serial port may never say so itself (bindings-cpp#162). */
function watch(state: State, path: string, key: string, lose: (error: DeviceError) => void) {
  let cancel = (): void => undefined;
  let isStopped = false;
  function arm(): void {
    cancel = state.ports.timers.after(state.ports.watchPeriodMs, () => void look());
  }
  async function look(): Promise<void> {
    const isThere = await isStillThere(state, path, key);
    if (isStopped) return;
    if (isThere) arm();
    else lose({ code: 'offline', detail: `${path} is gone` });
  }
  arm();
  return () => {
    isStopped = true;
    cancel();
  };
}

async function isStillThere(state: State, path: string, key: string): Promise<boolean> {
  return (await state.ports.node(path))?.key === key;
}

/** Ends frames by silence. A device that is gone is silent too, and its frame is but a half. */
function createSilence(state: State, path: string, key: string, lose: (e: DeviceError) => void) {
  const { timers } = state.ports;
  let cancel = (): void => undefined;
  let isStopped = false;
  async function expire(): Promise<void> {
    const isThere = await isStillThere(state, path, key);
    if (isStopped) return;
    if (!isThere) {
      lose({ code: 'offline', detail: `${path} is gone` });
      return;
    }
    accept(state, state.framer.tick(timers.nowMs()));
    // An alarm may ring a fraction of a millisecond early.
    arm();
  }
  function arm(): void {
    cancel();
    const expiresAtMs = state.framer.expiresAtMs();
    if (isStopped || expiresAtMs === null) return;
    const delayMs = Math.max(1, Math.ceil(expiresAtMs - timers.nowMs()));
    cancel = timers.after(delayMs, () => void expire());
  }
  return {
    arm,
    stop(): void {
      isStopped = true;
      cancel();
    },
  };
}

/** Opens, and serves until the port is lost or released. False when it could not be opened. */
async function serve(state: State, path: string, node: PortNode): Promise<boolean> {
  const { ports, framer } = state;
  let lose: (error: DeviceError) => void = () => undefined;
  const lost = new Promise<DeviceError>((resolve) => {
    lose = resolve;
  });
  const silence = createSilence(state, path, node.key, lose);
  const opening = await ports.open(path, state.settings.baudRate, {
    onData(bytes) {
      accept(state, framer.push(bytes, ports.timers.nowMs()));
      silence.arm();
    },
    onClosed: lose,
  });
  if (!opening.ok) {
    silence.stop();
    announceMissing(state, opening.error);
    return false;
  }
  const stopWatch = watch(state, path, node.key, lose);
  state.wake = () => lose({ code: 'closed', detail: 'released' });
  if (state.isReleased) state.wake();
  state.wasReady = true;
  announce(state, 'ready', null);
  let isOpen = true;
  // Not awaited: the list takes a second, and a scanner that was lost is opened again sooner.
  void identify(state, path, node, () => isOpen);
  const error = await lost;
  isOpen = false;
  stopWatch();
  silence.stop();
  await opening.value.close();
  accept(state, framer.end());
  announce(state, 'lost', error);
  return true;
}

async function run(state: State): Promise<void> {
  let delayMs = retryDelayMsMin;
  while (!state.isReleased) {
    const found = await find(state);
    if (state.isReleased) return;
    let wasServed = false;
    if ('code' in found) {
      announceMissing(state, found);
    } else {
      // Trying in vain every few seconds is one state, not two that take turns on the screen.
      const code = state.announced?.code ?? null;
      if (code === null || code === 'no-hardware' || code === 'offline') {
        announce(state, 'opening', null);
      }
      wasServed = await serve(state, found.path, found.node);
    }
    if (state.isReleased) return;
    if (wasServed) delayMs = retryDelayMsMin;
    await pause(state, delayMs);
    delayMs = Math.min(delayMs * 2, retryDelayMsMax);
  }
}

/** A Scanner on `ports`; nothing is opened before `claim`. */
export function createSerialScanner(settings: SerialScannerSettings, ports: PortSystem): Scanner {
  const state: State = {
    settings,
    ports,
    deviceId: `serial:${settings.path}`,
    framer: createFramer(),
    waiting: [],
    listener: null,
    isEnabled: false,
    isReleased: false,
    wake: null,
    running: Promise.resolve(),
    wasReady: false,
    announced: null,
    identity: null,
    suppressedCount: 0,
  };
  return {
    deviceId: state.deviceId,
    claim(listener) {
      assert(state.listener === null, 'a scanner is claimed once');
      state.listener = listener;
      state.running = run(state);
    },
    setDataEventEnabled(isEnabled) {
      state.isEnabled = isEnabled;
      const next = isEnabled ? state.waiting.shift() : undefined;
      if (next !== undefined) deliver(state, next);
    },
    clearInput() {
      state.waiting.length = 0;
    },
    feedback: () => undefined,
    setTracing: () => undefined,
    suppressedCount: () => state.suppressedCount,
    async release() {
      state.isReleased = true;
      state.wake?.();
      await state.running;
    },
  };
}
