// Owns the few calls of Windows that printing needs, as an edge: koffi makes them, tests replay
// them.
import type { Result } from '#drivers/result.ts';

/** What a failed call left in GetLastError. */
export interface WindowsFault {
  readonly call: string;
  readonly code: number;
}

export type Outcome<T> = Promise<Result<T, WindowsFault>>;

/** A HANDLE. */
export type Handle = bigint;

/** winspool.drv; each may wait for the print server and runs off the event loop. */
export interface SpoolerCalls {
  /** OpenPrinterW with the default access. */
  openPrinter(name: string): Outcome<Handle>;
  /** StartDocPrinterW, level 1, data type RAW: the job's id. */
  startDocument(printer: Handle, title: string): Outcome<number>;
  /** WritePrinter: how many bytes were taken. */
  writePrinter(printer: Handle, bytes: Uint8Array): Outcome<number>;
  /** EndDocPrinter: from here on the spooler sends by itself. */
  endDocument(printer: Handle): Outcome<null>;
  /** GetJobW, level 1: the bits of Status. */
  jobStatus(printer: Handle, jobId: number): Outcome<number>;
  /** SetJobW with JOB_CONTROL_DELETE. */
  deleteJob(printer: Handle, jobId: number): Outcome<null>;
  /** ClosePrinter. */
  closePrinter(printer: Handle): Outcome<null>;
}

/** One overlapped read or write under way. */
export type Transfer = object;

/** kernel32.dll on a device that usbprint.sys serves. */
export interface UsbPrintCalls {
  /** CreateFileW for reading and writing, overlapped, shared with nobody. */
  openDevice(path: string): Outcome<Handle>;
  /** ReadFile; `finish` has its bytes. */
  startRead(device: Handle, sizeBytes: number): Outcome<Transfer>;
  /** WriteFile of a copy of the bytes. */
  startWrite(device: Handle, bytes: Uint8Array): Outcome<Transfer>;
  /**
   * GetOverlappedResult without waiting: null while it is under way; afterwards how many bytes
   * went, with those that were read. Not to be called again once it answered anything else.
   */
  finish(device: Handle, transfer: Transfer): Outcome<FinishedTransfer | null>;
  /** CancelIoEx on everything under way; each transfer still has to be finished. */
  cancel(device: Handle): Outcome<null>;
  /** CloseHandle. */
  closeDevice(device: Handle): Outcome<null>;
}

export interface FinishedTransfer {
  readonly count: number;
  /** Empty after a write. */
  readonly bytes: Uint8Array;
}

/** winerror.h. */
export const windowsErrors = {
  fileNotFound: 2,
  pathNotFound: 3,
  accessDenied: 5,
  generalFailure: 31,
  sharingViolation: 32,
  invalidParameter: 87,
  operationAborted: 995,
  ioIncomplete: 996,
  ioPending: 997,
  deviceNotConnected: 1167,
  invalidPrinterName: 1801,
} as const;
