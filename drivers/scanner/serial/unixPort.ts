// Owns what serialport 13 leaves undone on Linux and macOS: a line has an end, and two wishes.
import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';

const readFile = promisify(read);

interface Poller {
  once(event: 'readable', callback: (error: Error | null) => void): unknown;
  listenerCount(event: 'readable' | 'writable'): number;
  /** Asks for these events (of libuv's uv_poll_t) alone. */
  poll(events: number): void;
}

const uvReadable = 1;
const uvWritable = 2;

/** What serialport's binding of Linux and macOS is made of; Windows' has neither. */
interface UnixBinding {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: Poller;
  read(buffer: Buffer, offset: number, length: number): Promise<BytesRead>;
}

interface BytesRead {
  readonly bytesRead: number;
  readonly buffer: Buffer;
}

function isUnixBinding(binding: object | undefined): binding is UnixBinding {
  return binding !== undefined && 'fd' in binding && 'poller' in binding && 'read' in binding;
}

function readable(binding: UnixBinding): Promise<void> {
  return new Promise((resolve, reject) => {
    binding.poller.once('readable', (error) => (error === null ? resolve() : reject(error)));
  });
}

/** As the stream knows it: not the device's fault, but its own `close`. */
function canceled(): Error {
  return Object.assign(new Error('Port is not open'), { canceled: true });
}

async function readOnce(
  binding: UnixBinding,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<BytesRead> {
  for (;;) {
    if (!binding.isOpen || binding.fd === null) throw canceled();
    try {
      const { bytesRead } = await readFile(binding.fd, buffer, offset, length, null);
      if (bytesRead === 0) throw new Error('the line was hung up');
      return { bytesRead, buffer };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!binding.isOpen) throw canceled();
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      await readable(binding);
    }
  }
}

/** Each wish takes the other's place in the package: a write that waited would starve reads. */
function pollForAll(poller: Poller): void {
  const poll = poller.poll.bind(poller);
  poller.poll = (events) => {
    const isReading = poller.listenerCount('readable') > 0;
    const isWriting = poller.listenerCount('writable') > 0;
    poll(events | (isReading ? uvReadable : 0) | (isWriting ? uvWritable : 0));
  };
}

/**
 * Mends two faults of `serial` before it opens; does nothing on Windows.
 *
 * A read of a terminal that is gone gives no bytes, which the package takes for a reason to read
 * again: for ever, at all of one core, and without a word (bindings-cpp#162). It happens when the
 * device goes between two waits, as after an unplug that follows a read at once. Here that is the
 * end of the line, and `close` follows.
 *
 * Its poller asks the system for the latest wish alone (poller.cpp passes `uv_poll_start` the new
 * events, not all): while a write waits for room (XOFF, a full buffer), either reads starve, or
 * the write is never woken. Here both are asked for.
 */
export function mendUnixPort(serial: SerialPort): void {
  serial.once('open', () => {
    const binding: object | undefined = serial.port;
    if (!isUnixBinding(binding)) return;
    binding.read = (buffer, offset, length) => readOnce(binding, buffer, offset, length);
    pollForAll(binding.poller);
  });
}
