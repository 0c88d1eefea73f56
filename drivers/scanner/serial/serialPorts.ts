// Owns the operating system's serial ports, through the `serialport` package.
import { realpath, stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import type { DeviceError, DeviceErrorCode } from '#drivers/device.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type {
  OpenPort,
  PortIdentity,
  PortListener,
  PortNode,
  PortSystem,
  SerialSettings,
} from '#drivers/scanner/ports.ts';
import { identityOf, listedNode } from '#drivers/scanner/serial/serialList.ts';
import { listSerialPorts } from '#drivers/scanner/serial/serialSysfs.ts';
import { mendUnixPort } from '#drivers/scanner/serial/unixPort.ts';
import { systemTimers } from '#drivers/timers.ts';

const isWindows = process.platform === 'win32';

/** A node costs a stat to look at; Windows has no nodes, and a list of its ports costs more. */
const watchPeriodMs = isWindows ? 3000 : 1000;

/** Words of the bindings (serialport 13) and of the C library behind them. */
const errorWords: readonly (readonly [RegExp, DeviceErrorCode])[] = [
  [/cannot lock port|resource busy|temporarily unavailable/i, 'claimed-elsewhere'],
  [/no such (file|device)|file not found|unknown error code 2\b/i, 'no-hardware'],
  [/permission denied/i, 'not-permitted'],
  // A Windows port that another program has open answers so; elsewhere it means a missing right.
  [/access denied/i, 'claimed-elsewhere'],
];

function toDeviceError(error: Error, otherwise: DeviceErrorCode): DeviceError {
  const code = errorWords.find(([words]) => words.test(error.message))?.[1] ?? otherwise;
  return { code, detail: error.message };
}

/** More than this waits only for a device that takes nothing: it is not made to wait for more. */
const unwrittenBytesMax = 4096;

function write(serial: SerialPort, bytes: Uint8Array): Promise<DeviceError | null> {
  return new Promise((resolve) => {
    if (serial.writableLength + bytes.length > unwrittenBytesMax) {
      resolve({ code: 'busy', detail: `${serial.writableLength} bytes wait to be written` });
      return;
    }
    serial.write(bytes, (error) => {
      resolve(error == null ? null : { code: 'failure', detail: error.message });
    });
  });
}

function open(
  path: string,
  settings: SerialSettings,
  listener: PortListener,
): Promise<Result<OpenPort, DeviceError>> {
  return new Promise((resolve) => {
    const { baudRate, parity, flowControl } = settings;
    const hasXon = flowControl === 'xon-xoff';
    const line = { baudRate, parity, xon: hasXon, xoff: hasXon };
    const serial = new SerialPort({ path, ...line, autoOpen: false });
    mendUnixPort(serial);
    let isClosing = false;
    let settleClosed = (): void => undefined;
    const closed = new Promise<void>((settle) => {
      settleClosed = settle;
    });
    function end(error: Error | null): void {
      settleClosed();
      if (isClosing) return;
      isClosing = true;
      listener.onClosed({ code: 'offline', detail: error?.message ?? 'the port was closed' });
    }
    const port: OpenPort = {
      write: (bytes) => write(serial, bytes),
      async close() {
        isClosing = true;
        // A port that is closing by itself says so in time; only an open one can be closed. The
        // kernel would wait up to 30 s for a held line to take what it still has.
        if (serial.isOpen) serial.flush(() => serial.close(() => settleClosed()));
        await closed;
      },
    };
    // Both before opening: an error without a listener ends the process, and a port that is open
    // without a reader when its device goes away spins for ever (bindings-cpp#162).
    serial.on('error', (error: Error) => {
      if (serial.isOpen) serial.close(() => end(error));
      else end(error);
    });
    serial.on('data', (bytes: Uint8Array) => {
      if (!isClosing) listener.onData(bytes);
    });
    serial.on('close', end);
    serial.open((error) => {
      resolve(error === null ? success(port) : failure(toDeviceError(error, 'failure')));
    });
  });
}

async function listByLibrary(): Promise<readonly PortIdentity[] | null> {
  try {
    return (await SerialPort.list()).map(identityOf);
  } catch {
    // Ports are then known by path alone.
    return null;
  }
}

const list = process.platform === 'linux' ? () => listSerialPorts() : listByLibrary;

async function nodeOfFile(path: string): Promise<PortNode | null> {
  try {
    const realPath = await realpath(path);
    const { dev, ino, rdev } = await stat(realPath);
    return { realPath, key: `${realPath} ${dev} ${ino} ${rdev}` };
  } catch {
    return null;
  }
}

/** What Windows listed last: a list that fails once is no unplug. */
let lastListed: readonly PortIdentity[] = [];

async function nodeOfWindows(path: string): Promise<PortNode | null> {
  lastListed = (await list()) ?? lastListed;
  return listedNode(path, lastListed);
}

export const systemPorts: PortSystem<SerialSettings> = {
  timers: systemTimers,
  watchPeriodMs,
  open,
  list,
  node: isWindows ? nodeOfWindows : nodeOfFile,
};
