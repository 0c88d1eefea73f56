// Owns the edge to device nodes that are opened, read, written and closed like files.
import { close, constants, fstat, open, read, type Stats, write } from 'node:fs';
import { failure, type Result, success } from '#drivers/result.ts';

/** The operating system's name of what went wrong, such as EAGAIN, and its own words. */
export interface FileFault {
  readonly code: string;
  readonly detail: string;
}

/** An open node. No call waits for the device: one that would answers EAGAIN instead. */
export interface DeviceFile {
  /** At most `sizeBytes`; an empty answer means no more than that nothing came. */
  read(sizeBytes: number): Promise<Result<Uint8Array, FileFault>>;
  /**
   * How many of the bytes were taken. With no bytes at all it answers EAGAIN while the device has
   * not yet taken everything that was written before.
   */
  write(bytes: Uint8Array): Promise<Result<number, FileFault>>;
  close(): Promise<Result<null, FileFault>>;
}

/** Never rejects. */
export interface DeviceFiles {
  open(path: string): Promise<Result<DeviceFile, FileFault>>;
}

function faultOf(error: NodeJS.ErrnoException): FileFault {
  return { code: error.code ?? 'EIO', detail: error.message };
}

/** Turns a callback of node:fs into a result. */
function settled<T>(
  start: (callback: (error: NodeJS.ErrnoException | null, value: T) => void) => void,
): Promise<Result<T, FileFault>> {
  return new Promise((resolve) => {
    start((error, value) => resolve(error === null ? success(value) : failure(faultOf(error))));
  });
}

function fileOf(descriptor: number): DeviceFile {
  return {
    async read(sizeBytes) {
      const buffer = new Uint8Array(sizeBytes);
      const got = await settled<number>((callback) => {
        read(descriptor, buffer, 0, sizeBytes, null, callback);
      });
      return got.ok ? success(buffer.subarray(0, got.value)) : got;
    },
    // Node hands a write of no bytes to the system, as is needed here (promises would not).
    write: (bytes) =>
      settled<number>((callback) => {
        write(descriptor, bytes, 0, bytes.length, null, callback);
      }),
    async close() {
      const closed = await settled<undefined>((callback) => {
        close(descriptor, (error) => callback(error ?? null, undefined));
      });
      return closed.ok ? success(null) : closed;
    },
  };
}

/** Null for what bytes run through: a pseudo-terminal and a FIFO are as good as a printer. */
async function faultOfKind(descriptor: number, path: string): Promise<FileFault | null> {
  const kind = await settled<Stats>((callback) => fstat(descriptor, callback));
  if (!kind.ok) return kind.error;
  if (kind.value.isCharacterDevice() || kind.value.isFIFO()) return null;
  return { code: 'ENODEV', detail: `${path} is no device: nothing was written into it` };
}

/**
 * Real nodes, opened for this process to read and write without waiting. Whatever is there is
 * neither made nor cut short by it, and a file, or a disk, is refused: receipts would ruin it.
 */
export const systemDeviceFiles: DeviceFiles = {
  async open(path) {
    const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;
    const opened = await settled<number>((callback) => open(path, flags, callback));
    if (!opened.ok) return opened;
    const file = fileOf(opened.value);
    const fault = await faultOfKind(opened.value, path);
    if (fault === null) return success(file);
    await file.close();
    return failure(fault);
  },
};
