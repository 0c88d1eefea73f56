// Owns the surface between core and the devices process. Never served to a page.
import type { DeviceState } from '#drivers/device.ts';
import type { PrinterStatus, PrintOutput, PrintProgress } from '#drivers/printer/printer.ts';
import type { DataEvent } from '#drivers/scanner/scanner.ts';

/** A path such as /dev/ttyACM0 or COM3, with how the line is set. */
export interface ScannerConfiguration {
  readonly type: 'serial';
  readonly path: string;
  readonly baudRate: number;
}

/** tcp://host:port or serial:/dev/ttyUSB0?baud=19200, and a profile of drivers/printer/profiles. */
export interface PrinterConfiguration {
  readonly address: string;
  readonly profileId: string;
}

export interface DeviceConfiguration {
  readonly scanners: readonly ScannerConfiguration[];
  readonly printer: PrinterConfiguration | null;
}

export type CoreToDevices =
  | { readonly type: 'configure'; readonly configuration: DeviceConfiguration }
  | { readonly type: 'scanner.enable'; readonly isEnabled: boolean }
  | { readonly type: 'scanner.clear' }
  | { readonly type: 'print'; readonly outputId: number; readonly output: PrintOutput }
  /** Answers `print.ready`: true once the job is written down as `sending`. */
  | { readonly type: 'print.send'; readonly outputId: number; readonly maySend: boolean };

export type DevicesToCore =
  | { readonly type: 'ready' }
  | { readonly type: 'scanner.data'; readonly event: DataEvent }
  | { readonly type: 'scanner.unreadable'; readonly reason: 'too-long' | 'noise' | 'incomplete' }
  | { readonly type: 'scanner.overflow' }
  | { readonly type: 'scanner.state'; readonly deviceId: string; readonly state: DeviceState }
  /** The pre-flight was good; nothing has been sent yet. */
  | { readonly type: 'print.ready'; readonly outputId: number }
  | { readonly type: 'printer.status'; readonly status: PrinterStatus }
  | {
      readonly type: 'print.progress';
      readonly outputId: number;
      readonly progress: PrintProgress;
    };

/** Either end of a message channel: an Electron port, a worker port, an IPC pipe, or in process. */
export interface MessageEnd<Out, In> {
  post(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
