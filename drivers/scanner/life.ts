// Owns every scanner's life: found, opened, watched, lost, found again; what it read, one by one.
import { assert, assertNever } from '#drivers/assert.ts';
import type { DeviceAddress } from '#drivers/configuration.ts';
import type { DeviceError, DeviceState } from '#drivers/device.ts';
import { choosePort, parseAddress, type Wanted } from '#drivers/deviceAddress.ts';
import { heldPortsOf, meaningsOf } from '#drivers/scanner/heldPorts.ts';
import type { PortNode, PortSystem } from '#drivers/scanner/ports.ts';
import type {
  MakeProtocol,
  ProtocolEvent,
  ReadOutcome,
  ScanProtocol,
} from '#drivers/scanner/protocol.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { ScanQueue } from '#drivers/scanner/scanQueue.ts';
import { createSilence } from '#drivers/scanner/silence.ts';
import { parseFrame } from '#drivers/scanner/symbology.ts';
import { createScannerWriter, type ScannerWriter } from '#drivers/scanner/writer.ts';

export interface ScannerParts<Settings> {
  readonly deviceId: string;
  readonly address: DeviceAddress;
  /** Of the till's other scanners: none of them is ever taken for this one. */
  readonly others: readonly DeviceAddress[];
  readonly system: PortSystem<Settings>;
  readonly settings: Settings;
  readonly makeProtocol: MakeProtocol;
}

const retryDelayMsMin = 500;
const retryDelayMsMax = 5000;
/**
 * A hand needs longer between two reads; a scanner that sends again does not (ACK/NAK, echo). Two
 * same reads that lay ready while the process stood still have no times of their own, and count as
 * one: a till that does not answer is what makes a scanner send again, and what was left out is
 * shown and counted, where an item too many would look like any other.
 */
const repeatMs = 80;

/** What lasts from one opening to the loss. */
interface Session {
  readonly protocol: ScanProtocol;
  writer: ScannerWriter | null;
  previous: { readonly text: string; readonly endedAtMs: number } | null;
}

interface State {
  readonly deviceId: string;
  readonly timers: PortSystem<unknown>['timers'];
  readonly reads: ScanQueue;
  listener: ((event: ScannerEvent) => void) | null;
  isReleased: boolean;
  isTracing: boolean;
  /** Ends what the scanner waits for just now: a retry, or the loss of the open port. */
  wake: (() => void) | null;
  running: Promise<void>;
  wasReady: boolean;
  announced: { readonly state: DeviceState; readonly code: string | null } | null;
  /** The device that is meant, once the system can tell it from others. */
  wanted: Wanted | null;
  session: Session | null;
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

/** Feedback for a read of which the till does not hear, where the scanner waits for it. */
function answer(state: State, session: Session | null, outcome: ReadOutcome): void {
  if (session?.protocol.awaitsFeedback !== true) return;
  const commands = session.protocol.feedback(outcome, state.timers.nowMs());
  for (const command of commands ?? []) session.writer?.reply(command);
}

function suppress(state: State): void {
  state.suppressedCount += 1;
  emit(state, { type: 'suppressed' });
}

function accept(state: State, session: Session, events: readonly ProtocolEvent[]): void {
  for (const event of events) {
    switch (event.type) {
      case 'frame':
        acceptFrame(state, session, event);
        break;
      case 'retransmit':
        suppress(state);
        break;
      case 'unreadable':
        emit(state, event);
        break;
      case 'reply':
        session.writer?.reply(event.bytes);
        break;
      case 'read':
        if (state.isTracing) {
          emit(state, { type: 'trace', trace: { ...event.read, deviceId: state.deviceId } });
        }
        break;
      default:
        assertNever(event);
    }
  }
}

function acceptFrame(
  state: State,
  session: Session,
  frame: ProtocolEvent & { type: 'frame' },
): void {
  const { text, startedAtMs, endedAtMs: readAtMs } = frame;
  const { previous } = session;
  session.previous = { text, endedAtMs: readAtMs };
  if (previous?.text === text && startedAtMs - previous.endedAtMs <= repeatMs) {
    suppress(state);
    answer(state, session, 'good');
    return;
  }
  const parsed = parseFrame(text);
  switch (parsed.type) {
    case 'answer':
      return;
    case 'empty':
      emit(state, { type: 'unreadable', reason: 'incomplete' });
      answer(state, session, 'bad');
      return;
    case 'scan': {
      const event = { ...parsed.data, deviceId: state.deviceId, readAtMs };
      if (state.reads.add(event)) return;
      emit(state, { type: 'overflow' });
      answer(state, session, 'bad');
      return;
    }
    default:
      assertNever(parsed);
  }
}

/** Waits, and may be woken by `release`. */
function pause(state: State, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = state.timers.after(delayMs, resolve);
    state.wake = () => {
      cancel();
      resolve();
    };
  });
}

async function find<Settings>(state: State, parts: ScannerParts<Settings>): Promise<Found> {
  const { system, address, others } = parts;
  const { wanted } = state;
  const listed = wanted === null ? null : await system.list();
  const path =
    wanted === null || listed === null
      ? (wanted?.path ?? address)
      : choosePort(wanted, listed, await meaningsOf(system, others, listed));
  const node = path === null ? null : await system.node(path);
  if (path !== null && node !== null) return { path, node };
  return { code: 'no-hardware', detail: `no scanner at ${address}` };
}

/** Learns what a plain node's device is called. A link needs no name: the link is one. */
async function identify<Settings>(
  state: State,
  { system, address }: ScannerParts<Settings>,
  path: string,
  node: PortNode,
  isOpen: () => boolean,
): Promise<void> {
  if (node.realPath !== path || (state.wanted !== null && state.wanted.path === null)) return;
  const port = (await system.list())?.find((candidate) => candidate.path === path);
  if (port === undefined || port.vendorId === null || port.productId === null) return;
  const { vendorId, productId, serialNumber, usbPlace } = port;
  const configuredPath = state.wanted?.path ?? path;
  // What is listed after a loss may be another device under the same name.
  if (!isOpen()) return;
  state.wanted = { vendorId, productId, serialNumber, usbPlace, path: configuredPath };
  heldPortsOf(system).learn(address, state.wanted);
}

/** What ends a session. */
interface Loss {
  readonly lose: (error: DeviceError) => void;
  /** False, having lost it, when the node that was opened is not there any more. */
  readonly isStillThere: () => Promise<boolean>;
}

/** Looks at the node: a serial port may never say itself that it is gone (bindings-cpp#162). */
function watch<Settings>(system: PortSystem<Settings>, loss: Loss) {
  let cancel = (): void => undefined;
  let isStopped = false;
  function arm(): void {
    cancel = system.timers.after(system.watchPeriodMs, () => void look());
  }
  async function look(): Promise<void> {
    const isThere = await loss.isStillThere();
    if (isThere && !isStopped) arm();
  }
  arm();
  return () => {
    isStopped = true;
    cancel();
  };
}

/** Opens, and serves until the port is lost or released. False when it could not be opened. */
async function serve<Settings>(
  state: State,
  parts: ScannerParts<Settings>,
  path: string,
  node: PortNode,
): Promise<boolean> {
  const { system } = parts;
  let lose: (error: DeviceError) => void = () => undefined;
  const lost = new Promise<DeviceError>((resolve) => {
    lose = resolve;
  });
  const loss: Loss = {
    lose,
    async isStillThere() {
      if ((await system.node(path))?.key === node.key) return true;
      lose({ code: 'offline', detail: `${path} is gone` });
      return false;
    },
  };
  const protocol = await parts.makeProtocol(path, () => state.isTracing);
  const session: Session = { protocol, writer: null, previous: null };
  const silence = createSilence({
    timers: state.timers,
    protocol,
    isStillThere: loss.isStillThere,
    onEvents: (events) => accept(state, session, events),
  });
  const opening = await system.open(path, parts.settings, {
    onData(bytes) {
      accept(state, session, protocol.push(bytes, silence.timeOfReadMs()));
      silence.arm();
    },
    onClosed: lose,
  });
  if (!opening.ok) {
    silence.stop();
    announceMissing(state, opening.error);
    return false;
  }
  session.writer = createScannerWriter(opening.value, state.timers);
  state.session = session;
  const stopWatch = watch(system, loss);
  state.wake = () => lose({ code: 'closed', detail: 'released' });
  if (state.isReleased) state.wake();
  state.wasReady = true;
  announce(state, 'ready', null);
  // Not awaited: on some systems the list takes a second, and a lost scanner is open again sooner.
  void identify(state, parts, path, node, () => state.session === session);
  const error = await lost;
  state.session = null;
  session.writer.stop();
  stopWatch();
  silence.stop();
  await opening.value.close();
  accept(state, session, protocol.end());
  announce(state, 'lost', error);
  return true;
}

/** Serves a port that no other scanner of the till has. False when it could not be opened. */
async function serveAlone<Settings>(
  state: State,
  parts: ScannerParts<Settings>,
  { path, node }: { readonly path: string; readonly node: PortNode },
): Promise<boolean> {
  const heldPorts = heldPortsOf(parts.system);
  if (!heldPorts.hold(node.realPath)) {
    const detail = `another scanner of this till has ${path} open`;
    announceMissing(state, { code: 'claimed-elsewhere', detail });
    return false;
  }
  const wasServed = await serve(state, parts, path, node);
  heldPorts.letGo(node.realPath);
  return wasServed;
}

async function run<Settings>(state: State, parts: ScannerParts<Settings>): Promise<void> {
  let delayMs = retryDelayMsMin;
  while (!state.isReleased) {
    const found = await find(state, parts);
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
      wasServed = await serveAlone(state, parts, found);
    }
    if (state.isReleased) return;
    if (wasServed) delayMs = retryDelayMsMin;
    await pause(state, delayMs);
    delayMs = Math.min(delayMs * 2, retryDelayMsMax);
  }
}

/** A Scanner on `parts.system`; nothing is opened before `claim`. */
export function createScanner<Settings>(parts: ScannerParts<Settings>): Scanner {
  const parsed = parseAddress(parts.address);
  const state: State = {
    deviceId: parts.deviceId,
    timers: parts.system.timers,
    reads: new ScanQueue((event) => emit(state, { type: 'data', event })),
    listener: null,
    isReleased: false,
    isTracing: false,
    wake: null,
    running: Promise.resolve(),
    wasReady: false,
    announced: null,
    wanted: parsed.type === 'usb' ? parsed.wanted : null,
    session: null,
    suppressedCount: 0,
  };
  return {
    deviceId: state.deviceId,
    claim(listener) {
      assert(state.listener === null, 'a scanner is claimed once');
      state.listener = listener;
      state.running = run(state, parts);
    },
    setDataEventEnabled: (isEnabled) => state.reads.setEnabled(isEnabled),
    clearInput() {
      // What is dropped was read, and is not booked.
      for (const _ of state.reads.clear()) answer(state, state.session, 'bad');
    },
    feedback(outcome) {
      const { session, timers } = state;
      const commands = session?.protocol.feedback(outcome, timers.nowMs()) ?? null;
      if (commands !== null) session?.writer?.feedback(commands);
    },
    setTracing(isOn) {
      state.isTracing = isOn;
    },
    suppressedCount: () => state.suppressedCount,
    async release() {
      state.isReleased = true;
      state.wake?.();
      await state.running;
      heldPortsOf(parts.system).learn(parts.address, null);
    },
  };
}
