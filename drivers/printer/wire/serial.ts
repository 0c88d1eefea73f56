// Owns a printer session over a serial line (RS-232, USB adapters, pseudo-terminals).
import { SerialPort } from 'serialport';
import type { DeviceAddress } from '#drivers/configuration.ts';
import type { DeviceError } from '#drivers/device.ts';
import { choosePort, parseAddress } from '#drivers/deviceAddress.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { systemPorts } from '#drivers/scanner/serial/serialPorts.ts';
import { mendUnixPort } from '#drivers/scanner/serial/unixPort.ts';
import type { Timers } from '#drivers/timers.ts';

function describe(error: Error): DeviceError {
  const detail = error.message;
  if (/no such file|not found|unknown error code 2\b/i.test(detail)) {
    return { code: 'no-hardware', detail };
  }
  if (/lock|busy|access denied|permission/i.test(detail)) {
    return { code: 'claimed-elsewhere', detail };
  }
  return { code: 'offline', detail };
}

/** The port stays open between jobs: opening it toggles lines that reset some printers. */
export function serialTransport(
  address: DeviceAddress,
  baudRate: number,
  timers: Timers,
): Transport {
  return {
    keepsSession: true,
    isOneWay: false,
    async connect(deadlineMs) {
      const path = await pathOf(address);
      return path.ok ? connect(path.value, baudRate, timers, deadlineMs) : path;
    },
  };
}

/** A cable that was plugged in again is found under its new name. */
async function pathOf(address: DeviceAddress): Promise<Result<string, DeviceError>> {
  const place = parseAddress(address);
  if (place.type === 'path') return success(place.path);
  const path = choosePort(place.wanted, (await systemPorts.list()) ?? [], false);
  if (path !== null) return success(path);
  const { vendorId, productId } = place.wanted;
  const detail = `no serial port ${vendorId}:${productId} is plugged in, or two could be it`;
  return failure({ code: 'no-hardware', detail });
}

function connect(
  path: string,
  baudRate: number,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  return new Promise((resolve) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false, hupcl: false });
    mendUnixPort(port);
    let isTooLate = false;
    const cancel = timers.after(deadlineMs, () => {
      isTooLate = true;
      resolve(failure({ code: 'timeout', detail: `${path} did not open` }));
    });
    port.open((error) => {
      cancel();
      if (isTooLate) {
        if (!error) port.close();
        return;
      }
      resolve(error ? failure(describe(error)) : success(createConnection(port, timers)));
    });
  });
}

function createConnection(port: SerialPort, timers: Timers): Connection {
  let onData: (chunk: Uint8Array) => void = () => undefined;
  let onLost: (error: DeviceError) => void = () => undefined;
  let lost: DeviceError | null = null;
  let isEnding = false;
  /** A loss while the printer holds the line settles the write too. */
  let settleWrite: (error: DeviceError | null) => void = () => undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let ended: Promise<DeviceError | null> | null = null;

  function lose(error: DeviceError): void {
    if (lost !== null) return;
    lost = error;
    settleWrite(error);
    if (!isEnding) onLost(error);
  }

  port.on('data', (chunk: Uint8Array) => onData(chunk));
  port.on('error', (error) => lose(describe(error)));
  port.on('close', () => lose({ code: 'offline', detail: `${port.path} was unplugged` }));

  function send(bytes: Uint8Array): Promise<DeviceError | null> {
    return new Promise((resolve) => {
      if (lost !== null) {
        resolve(lost);
        return;
      }
      settleWrite = resolve;
      port.write(bytes, (writeError) => {
        if (writeError) resolve(describe(writeError));
        else port.drain((drainError) => resolve(drainError ? describe(drainError) : null));
      });
    });
  }

  /** Null once `work` has settled in time. */
  function within(work: Promise<unknown>, limitMs: number): Promise<DeviceError | null> {
    return new Promise((resolve) => {
      const detail = `${port.path} did not take the last bytes or did not close`;
      const cancel = timers.after(limitMs, () => resolve({ code: 'timeout', detail }));
      void work.then(() => {
        cancel();
        resolve(null);
      });
    });
  }

  async function endWithin(deadlineMs: number): Promise<DeviceError | null> {
    isEnding = true;
    const startedAtMs = timers.nowMs();
    const held = await within(tail, deadlineMs);
    if (held !== null) lose(held);
    if (!port.isOpen) return lost;
    const leftMs = Math.max(1, deadlineMs - (timers.nowMs() - startedAtMs));
    // A port whose bytes are held may stay open until they are taken: not awaited for ever.
    const closed = new Promise<DeviceError | null>((resolve) => {
      port.close((error) => resolve(error ? describe(error) : null));
    });
    const late = await within(closed, leftMs);
    return held ?? late ?? (await closed);
  }

  return {
    write(bytes) {
      if (isEnding) {
        return Promise.resolve(lost ?? { code: 'closed', detail: `${port.path} was closed` });
      }
      const sent = tail.then(() => send(bytes));
      tail = sent;
      return sent;
    },
    onData: (listener) => {
      onData = listener;
    },
    onLost: (listener) => {
      onLost = listener;
      if (lost !== null && !isEnding) listener(lost);
    },
    end(deadlineMs) {
      ended ??= endWithin(deadlineMs);
      return ended;
    },
  };
}
