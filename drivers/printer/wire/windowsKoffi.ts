// Owns the calls of Windows themselves, through koffi: declared once, loaded on Windows only.
import type {
  FinishedTransfer,
  Handle,
  Outcome,
  SpoolerCalls,
  Transfer,
  UsbPrintCalls,
  WindowsFault,
} from '#drivers/printer/wire/windowsCalls.ts';
import { windowsErrors } from '#drivers/printer/wire/windowsCalls.ts';
import { failure, success } from '#drivers/result.ts';

type Koffi = typeof import('koffi');
type CFunction = ReturnType<ReturnType<Koffi['load']>['func']>;

/** winnt.h, fileapi.h, winbase.h, winspool.h. */
const GENERIC_READ_WRITE = 0xc0000000;
const OPEN_EXISTING = 3;
const FILE_FLAG_OVERLAPPED = 0x40000000;
const INVALID_HANDLE = 0xffffffffffffffffn;
const JOB_CONTROL_DELETE = 5;
/** Of JOB_INFO_1W on a 64-bit Windows: after JobId, padding and six pointers. */
const JOB_STATUS_OFFSET = 56;
const JOB_INFO_BYTES_MAX = 65_536;

/** HANDLE is a number here, not a pointer: INVALID_HANDLE_VALUE is -1. */
const declarations = {
  winspool: {
    openPrinter:
      'bool __stdcall OpenPrinterW(str16 name, _Out_ uintptr_t *printer, void *defaults)',
    startDocument:
      'uint32_t __stdcall StartDocPrinterW(uintptr_t printer, uint32_t level, PuanDocInfo *info)',
    writePrinter:
      'bool __stdcall WritePrinter(uintptr_t printer, const void *bytes, uint32_t size, ' +
      '_Out_ uint32_t *written)',
    endDocument: 'bool __stdcall EndDocPrinter(uintptr_t printer)',
    getJob:
      'bool __stdcall GetJobW(uintptr_t printer, uint32_t job, uint32_t level, void *info, ' +
      'uint32_t size, _Out_ uint32_t *needed)',
    setJob:
      'bool __stdcall SetJobW(uintptr_t printer, uint32_t job, uint32_t level, void *info, ' +
      'uint32_t command)',
    closePrinter: 'bool __stdcall ClosePrinter(uintptr_t printer)',
  },
  kernel32: {
    createFile:
      'uintptr_t __stdcall CreateFileW(str16 path, uint32_t access, uint32_t share, ' +
      'void *security, uint32_t disposition, uint32_t flags, uintptr_t template)',
    readFile:
      'bool __stdcall ReadFile(uintptr_t device, void *bytes, uint32_t size, void *count, ' +
      'void *overlapped)',
    writeFile:
      'bool __stdcall WriteFile(uintptr_t device, void *bytes, uint32_t size, void *count, ' +
      'void *overlapped)',
    overlappedResult:
      'bool __stdcall GetOverlappedResult(uintptr_t device, void *overlapped, ' +
      '_Out_ uint32_t *count, bool waits)',
    cancel: 'bool __stdcall CancelIoEx(uintptr_t device, void *overlapped)',
    closeHandle: 'bool __stdcall CloseHandle(uintptr_t handle)',
    lastError: 'uint32_t __stdcall GetLastError()',
  },
} as const;

/** Every type and prototype is understood by koffi: what can be tried without Windows. */
export function declareTypes(koffi: Pick<Koffi, 'struct'>): readonly string[] {
  koffi.struct('PuanDocInfo', { name: 'str16', output: 'str16', dataType: 'str16' });
  koffi.struct('PuanOverlapped', {
    internal: 'uintptr_t',
    internalHigh: 'uintptr_t',
    offset: 'uint32_t',
    offsetHigh: 'uint32_t',
    event: 'uintptr_t',
  });
  return [...Object.values(declarations.winspool), ...Object.values(declarations.kernel32)];
}

function loadAll<Names extends string>(
  koffi: Koffi,
  library: string,
  prototypes: Readonly<Record<Names, string>>,
): Readonly<Record<Names, CFunction>> {
  const loaded = koffi.load(library);
  const functions: Partial<Record<Names, CFunction>> = {};
  for (const name of Object.keys(prototypes) as Names[]) {
    functions[name] = loaded.func(prototypes[name]);
  }
  return functions as Record<Names, CFunction>;
}

/** Makes one call on a worker thread; `isGood` tells from its answer whether it failed. */
function callAsync<T>(
  name: string,
  call: CFunction,
  args: readonly unknown[],
  lastError: () => number,
  read: (answer: unknown) => T | null,
): Outcome<T> {
  return new Promise((resolve) => {
    call.async(...args, (error: unknown, answer: unknown) => {
      const value = error === null || error === undefined ? read(answer) : null;
      if (value !== null) resolve(success(value));
      else resolve(failure({ call: name, code: lastError() }));
    });
  });
}

const isTrue = (answer: unknown): true | null => (answer === true ? true : null);

function spoolerOf(koffi: Koffi, lastError: () => number): SpoolerCalls {
  const winspool = loadAll(koffi, 'winspool.drv', declarations.winspool);
  const run = <T>(
    name: keyof typeof winspool,
    args: readonly unknown[],
    read: (answer: unknown) => T | null,
  ): Outcome<T> => callAsync(name, winspool[name], args, lastError, read);
  const plain = async (name: keyof typeof winspool, args: readonly unknown[]): Outcome<null> => {
    const answer = await run(name, args, isTrue);
    return answer.ok ? success(null) : answer;
  };
  return {
    openPrinter(name) {
      const handle: [bigint] = [0n];
      return run('openPrinter', [name, handle, null], (answer) =>
        answer === true ? BigInt(handle[0]) : null,
      );
    },
    startDocument(printer, title) {
      const info = { name: title, output: null, dataType: 'RAW' };
      return run('startDocument', [printer, 1, info], (answer) => Number(answer) || null);
    },
    writePrinter(printer, bytes) {
      const written: [number] = [0];
      return run('writePrinter', [printer, bytes, bytes.length, written], (answer) =>
        answer === true ? written[0] : null,
      );
    },
    endDocument: (printer) => plain('endDocument', [printer]),
    jobStatus(printer, jobId) {
      const info = new Uint8Array(JOB_INFO_BYTES_MAX);
      const args = [printer, jobId, 1, info, info.length, [0]];
      return run('getJob', args, (answer) =>
        answer === true ? new DataView(info.buffer).getUint32(JOB_STATUS_OFFSET, true) : null,
      );
    },
    deleteJob: (printer, jobId) => plain('setJob', [printer, jobId, 0, null, JOB_CONTROL_DELETE]),
    closePrinter: (printer) => plain('closePrinter', [printer]),
  };
}

/** Memory that stays where it is until the transfer has finished. */
class KoffiTransfer {
  readonly overlapped: unknown;
  readonly memory: unknown;
  readonly isRead: boolean;

  constructor(overlapped: unknown, memory: unknown, isRead: boolean) {
    this.overlapped = overlapped;
    this.memory = memory;
    this.isRead = isRead;
  }
}

function usbPrintOf(koffi: Koffi, lastError: () => number): UsbPrintCalls {
  const kernel = loadAll(koffi, 'kernel32.dll', declarations.kernel32);
  const fault = (call: string): { readonly ok: false; readonly error: WindowsFault } =>
    failure({ call, code: lastError() });

  function start(
    name: 'readFile' | 'writeFile',
    device: Handle,
    bytes: Uint8Array,
  ): Outcome<Transfer> {
    const overlapped = koffi.alloc('PuanOverlapped', 1);
    const memory = koffi.alloc('uint8_t', bytes.length);
    const transfer = new KoffiTransfer(overlapped, memory, name === 'readFile');
    new Uint8Array(koffi.view(overlapped, koffi.sizeof('PuanOverlapped'))).fill(0);
    new Uint8Array(koffi.view(memory, bytes.length)).set(bytes);
    const isDone = kernel[name](device, memory, bytes.length, null, overlapped) === true;
    const started = isDone || lastError() === windowsErrors.ioPending;
    if (started) return Promise.resolve(success(transfer));
    const failed = fault(name);
    free(transfer);
    return Promise.resolve(failed);
  }

  function free(transfer: KoffiTransfer): void {
    koffi.free(transfer.overlapped);
    koffi.free(transfer.memory);
  }

  function finish(device: Handle, transfer: Transfer): Outcome<FinishedTransfer | null> {
    if (!(transfer instanceof KoffiTransfer)) throw new Error('assertion failed: not our transfer');
    const done: [number] = [0];
    const isDone = kernel.overlappedResult(device, transfer.overlapped, done, false) === true;
    const [count] = done;
    if (!isDone && lastError() === windowsErrors.ioIncomplete) {
      return Promise.resolve(success(null));
    }
    const outcome = isDone
      ? success({ count, bytes: transfer.isRead ? copyOf(transfer, count) : new Uint8Array(0) })
      : fault('GetOverlappedResult');
    free(transfer);
    return Promise.resolve(outcome);
  }

  function copyOf(transfer: KoffiTransfer, count: number): Uint8Array {
    return count === 0
      ? new Uint8Array(0)
      : new Uint8Array(koffi.view(transfer.memory, count)).slice();
  }

  return {
    openDevice(path) {
      const args = [path, GENERIC_READ_WRITE, 0, null, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, 0];
      return callAsync('CreateFileW', kernel.createFile, args, lastError, (answer) => {
        const handle = typeof answer === 'bigint' ? answer : BigInt(Number(answer));
        return handle === INVALID_HANDLE ? null : handle;
      });
    },
    startRead: (device, sizeBytes) => start('readFile', device, new Uint8Array(sizeBytes)),
    startWrite: (device, bytes) => start('writeFile', device, bytes),
    finish,
    cancel(device) {
      const isDone = kernel.cancel(device, null) === true;
      return Promise.resolve(isDone ? success(null) : fault('CancelIoEx'));
    },
    closeDevice(device) {
      const isDone = kernel.closeHandle(device) === true;
      return Promise.resolve(isDone ? success(null) : fault('CloseHandle'));
    },
  };
}

/** Throws where there is no Windows. */
export async function loadWindowsCalls(): Promise<{
  readonly spooler: SpoolerCalls;
  readonly usbPrint: UsbPrintCalls;
}> {
  const koffi = await import('koffi');
  declareTypes(koffi);
  const kernel = koffi.load('kernel32.dll');
  const getLastError = kernel.func(declarations.kernel32.lastError);
  const lastError = (): number => Number(getLastError());
  return { spooler: spoolerOf(koffi, lastError), usbPrint: usbPrintOf(koffi, lastError) };
}
