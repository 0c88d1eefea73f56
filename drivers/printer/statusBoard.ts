// Owns what one printer is known to be: its last status, told whenever it changes.
import type { DeviceError, DeviceState } from '#drivers/device.ts';
import type { LogLine } from '#drivers/printer/bridge/blockFile.ts';
import type { PrinterStatus } from '#drivers/printer/printer.ts';
import type { StatusBytes } from '#drivers/printer/session.ts';
import { type PrinterCondition, type StopReason, stopReason } from '#drivers/printer/status.ts';

export class StatusBoard {
  readonly #log: LogLine;
  #listener: (status: PrinterStatus) => void = () => undefined;
  #last: PrinterStatus = statusOf('opening', null);
  /** True once the near-end sensor was seen to change while there was paper. */
  #hasNearEndSensor: boolean;
  #wasNearEnd: boolean | null = null;
  /** What was logged last, so that each fault stands in the log once. */
  #problem: string | null = null;
  #stopReason: StopReason | null = null;
  #isClosed: boolean = false;

  constructor(hasNearEndSensor: boolean, log: LogLine) {
    this.#hasNearEndSensor = hasNearEndSensor;
    this.#log = log;
  }

  last(): PrinterStatus {
    return this.#last;
  }

  /** Why the printer stood still when it last told, or null. */
  stopReason(): StopReason | null {
    return this.#stopReason;
  }

  hasNearEndSensor(): boolean {
    return this.#hasNearEndSensor;
  }

  onChange(listener: (status: PrinterStatus) => void): void {
    this.#listener = listener;
  }

  /** Nothing is told after this. */
  close(): void {
    this.#isClosed = true;
  }

  setCondition(condition: PrinterCondition, bytes: StatusBytes): void {
    const { isCoverOpen, isPaperNearEnd, isPaperOut } = condition;
    // At paper end some printers set these bits too, whether or not they have the sensor, and
    // under an open cover no paper lies on it.
    if (!isPaperOut && !isCoverOpen) {
      const hasChanged = this.#wasNearEnd !== null && this.#wasNearEnd !== isPaperNearEnd;
      this.#hasNearEndSensor ||= hasChanged;
      this.#wasNearEnd = isPaperNearEnd;
    }
    this.#stopReason = stopReason(condition);
    this.#setReady({
      ...statusOf('ready', condition),
      isPaperNearEnd: this.#hasNearEndSensor ? isPaperNearEnd : null,
      bytes: hexOf(bytes),
    });
  }

  /** Reached, but it says nothing of itself. */
  setMute(): void {
    this.#setReady(statusOf('ready', null));
  }

  setUnreachable(error: DeviceError): void {
    const problem = `${error.code}: ${error.detail}`;
    if (problem !== this.#problem && !this.#isClosed) this.#log('printer.unreachable', problem);
    this.#problem = problem;
    this.#stopReason = null;
    const wasThere = this.#last.state === 'ready' || this.#last.state === 'lost';
    this.#set({ ...statusOf(wasThere ? 'lost' : 'absent', null), problem: error.code });
  }

  #setReady(status: PrinterStatus): void {
    this.#problem = null;
    this.#set(status);
  }

  #set(status: PrinterStatus): void {
    const hasChanged = JSON.stringify(status) !== JSON.stringify(this.#last);
    this.#last = status;
    if (hasChanged && !this.#isClosed) this.#listener(status);
  }
}

function statusOf(state: DeviceState, condition: PrinterCondition | null): PrinterStatus {
  return {
    state,
    problem: null,
    isPaperOut: condition?.isPaperOut ?? null,
    isCoverOpen: condition?.isCoverOpen ?? null,
    hasError: condition?.hasError ?? null,
    errorCause: condition?.errorCause ?? null,
    isPaperNearEnd: null,
    isDrawerPinHigh: condition?.isDrawerPinHigh ?? null,
    bytes: null,
  };
}

/** The answers to DLE EOT 1 to 4, and after a bar the four bytes of automatic status. */
function hexOf({ realTime, automatic }: StatusBytes): string {
  const hex = (byte: number | null) =>
    byte === null ? '--' : byte.toString(16).toUpperCase().padStart(2, '0');
  const asked = [realTime[1], realTime[2], realTime[3], realTime[4]].map(hex).join(' ');
  return automatic === null ? asked : `${asked} | ${automatic.map(hex).join(' ')}`;
}
