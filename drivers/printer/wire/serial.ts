// Owns a printer session over a serial line (RS-232, USB adapters, pseudo-terminals).
import { SerialPort } from 'serialport';
import type { DeviceAddress } from '#drivers/configuration.ts';
import type { DeviceError } from '#drivers/device.ts';
import { choosePort, parseAddress } from '#drivers/deviceAddress.ts';
import type { SerialLine } from '#drivers/printer/wire/address.ts';
import { connectionOver, openWithin, SessionState } from '#drivers/printer/wire/connection.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { meaningsOf } from '#drivers/scanner/heldPorts.ts';
import type { PortSystem, SerialSettings } from '#drivers/scanner/ports.ts';
import { systemPorts } from '#drivers/scanner/serial/serialPorts.ts';
import { mendUnixPort } from '#drivers/scanner/serial/unixPort.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

function describe(error: Error): DeviceError {
  const detail = error.message;
  if (/no such file|not found|unknown error code 2\b/i.test(detail)) {
    return { code: 'no-hardware', detail };
  }
  if (/permission denied/i.test(detail)) return { code: 'not-permitted', detail };
  if (/lock|busy|access denied/i.test(detail)) {
    return { code: 'claimed-elsewhere', detail };
  }
  return { code: 'offline', detail };
}

/** Among which ports an address is looked for. */
export interface PortChoice {
  readonly ports: PortSystem<SerialSettings>;
  /** What other devices of this till mean: none is opened in the printer's place. */
  othersNow(): readonly DeviceAddress[];
}

export const allPorts: PortChoice = { ports: systemPorts, othersNow: () => [] };

/** The port stays open between jobs: opening it toggles lines that reset some printers. */
export function serialTransport(
  line: SerialLine,
  timers: Timers,
  choice: PortChoice = allPorts,
): Transport {
  return {
    keepsSession: true,
    isOneWay: false,
    async connect(deadlineMs) {
      const path = await pathOf(line.address, choice);
      return path.ok ? connect(path.value, line, timers, deadlineMs) : path;
    },
  };
}

/** A cable that was plugged in again is found under its new name. */
async function pathOf(
  address: DeviceAddress,
  { ports, othersNow }: PortChoice,
): Promise<Result<string, DeviceError>> {
  const place = parseAddress(address);
  if (place.type === 'path') return success(place.path);
  const listed = (await ports.list()) ?? [];
  const path = choosePort(place.wanted, listed, await meaningsOf(ports, othersNow(), listed));
  if (path !== null) return success(path);
  const { vendorId, productId } = place.wanted;
  const detail = `no serial port ${vendorId}:${productId} is plugged in, or two could be it`;
  return failure({ code: 'no-hardware', detail });
}

async function connect(
  path: string,
  { baudRate, flow }: SerialLine,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  // A printer that is slower than its line or has no paper holds us, or its buffer runs over and a
  // part of the receipt is missing (printing.md §3.5). By XOFF (13h) and XON (11h) where nothing
  // else is known: no answer has these bytes (status.ts skips them as noise), and it needs no wire
  // that a cable may lack. We send neither: what comes back is always read.
  const holds = { xon: flow === 'xon-xoff', rtscts: flow === 'rts-cts' };
  const port = new SerialPort({ path, baudRate, ...holds, autoOpen: false, hupcl: false });
  mendUnixPort(port);
  const opening = new Promise<Result<SerialPort, DeviceError>>((resolve) => {
    port.open((error) => resolve(error ? failure(describe(error)) : success(port)));
  });
  const opened = await openWithin(opening, deadlineMs, timers, () => port.close());
  if (opened === null) return failure({ code: 'timeout', detail: `${path} did not open` });
  return opened.ok ? success(createConnection(port, timers)) : opened;
}

function createConnection(port: SerialPort, timers: Timers): Connection {
  const state = new SessionState();
  /** A loss while the printer holds the line settles the write too. */
  let settleWrite: (error: DeviceError | null) => void = () => undefined;

  function lose(error: DeviceError): void {
    settleWrite(error);
    state.lose(error);
  }

  port.on('data', (chunk: Uint8Array) => state.receive(chunk));
  port.on('error', (error) => lose(describe(error)));
  port.on('close', () => lose({ code: 'offline', detail: `${port.path} was unplugged` }));

  function send(bytes: Uint8Array): Promise<DeviceError | null> {
    return new Promise((resolve) => {
      if (state.lost !== null) {
        resolve(state.lost);
        return;
      }
      settleWrite = resolve;
      port.write(bytes, (writeError) => {
        if (writeError) resolve(describe(writeError));
        else port.drain((drainError) => resolve(drainError ? describe(drainError) : null));
      });
    });
  }

  async function end(deadlineMs: number, sent: Promise<unknown>): Promise<DeviceError | null> {
    const detail = `${port.path} did not take the last bytes or did not close`;
    const late: DeviceError = { code: 'timeout', detail };
    const startedAtMs = timers.nowMs();
    const isSent = await settlesWithin(sent, deadlineMs, timers);
    if (!isSent) lose(late);
    if (!port.isOpen) return state.lost;
    const leftMs = Math.max(1, deadlineMs - (timers.nowMs() - startedAtMs));
    // A port whose bytes are held may stay open until they are taken: not awaited for ever.
    const closed = new Promise<DeviceError | null>((resolve) => {
      const close = () => port.close((error) => resolve(error ? describe(error) : null));
      // What is late is thrown away: until it has left, the drain and the kernel's own close (30 s)
      // would keep one of the few threads that this process has for files.
      if (isSent) close();
      else port.flush(close);
    });
    const isClosed = await settlesWithin(closed, leftMs, timers);
    return isSent && isClosed ? closed : late;
  }

  const closed: DeviceError = { code: 'closed', detail: `${port.path} was closed` };
  return connectionOver({ state, closed, send, end });
}
