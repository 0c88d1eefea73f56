// Owns the surface between core and the devices process. Never served to a page.
import type {
  DeviceConfiguration,
  FoundDevice,
  PrinterCapabilities,
} from '#drivers/configuration.ts';
import type { DeviceError, DeviceErrorCode, DeviceState } from '#drivers/device.ts';
import type {
  PrinterStatus,
  PrinterTest,
  PrintOutput,
  PrintProgress,
} from '#drivers/printer/printer.ts';
import type { ReadOutcome } from '#drivers/scanner/protocol.ts';
import type { DataEvent, ScanTrace } from '#drivers/scanner/scanner.ts';

export type CoreToDevices =
  | { readonly type: 'configure'; readonly configuration: DeviceConfiguration }
  | { readonly type: 'scanner.enable'; readonly isEnabled: boolean }
  | { readonly type: 'scanner.clear' }
  /** What became of the read that this scanner delivered last. */
  | {
      readonly type: 'scanner.feedback';
      readonly deviceId: string;
      readonly outcome: ReadOutcome;
    }
  /** Raw reads for the device screen, from every scanner. */
  | { readonly type: 'scanner.trace'; readonly isOn: boolean }
  /** Answered with `found`; takes up to two seconds and disturbs no device in use. */
  | { readonly type: 'find' }
  /** Answered with `printer.probed`; refused while a job is under way. */
  | { readonly type: 'printer.probe' }
  /** Status bits for the device screen, twice a second, while on. */
  | { readonly type: 'printer.watch'; readonly isOn: boolean }
  /** A test slip, or the drawer: not a document of the shop, so not in the queue. */
  | { readonly type: 'printer.test'; readonly test: PrinterTest }
  /** Two rows for the customer; each is cut or padded to the display's columns. */
  | { readonly type: 'display.show'; readonly rows: readonly [string, string] }
  | { readonly type: 'print'; readonly outputId: number; readonly output: PrintOutput }
  /** Answers `print.ready`: true once the job is written down as `sending`. */
  | { readonly type: 'print.send'; readonly outputId: number; readonly maySend: boolean };

export type DevicesToCore =
  | { readonly type: 'ready' }
  | { readonly type: 'scanner.data'; readonly event: DataEvent }
  | { readonly type: 'scanner.unreadable'; readonly reason: 'too-long' | 'noise' | 'incomplete' }
  | { readonly type: 'scanner.overflow' }
  | {
      readonly type: 'scanner.state';
      readonly deviceId: string;
      readonly state: DeviceState;
      readonly error: DeviceError | null;
    }
  | { readonly type: 'scanner.suppressed'; readonly deviceId: string }
  | { readonly type: 'scanner.traced'; readonly trace: ScanTrace }
  /** Null: this computer could not be asked; `detail` is for the log. */
  | {
      readonly type: 'found';
      readonly devices: readonly FoundDevice[];
      readonly detail: string | null;
    }
  | {
      readonly type: 'printer.tested';
      readonly test: PrinterTest;
      /** Only `confirmed`, `blocked` or `unknown`. */
      readonly progress: PrintProgress;
    }
  /** Null: the printer answered nothing, could not be reached, or was busy. */
  | { readonly type: 'printer.probed'; readonly capabilities: PrinterCapabilities | null }
  /** Null: the rows have left this computer. Told when it changes. */
  | { readonly type: 'display.told'; readonly problem: DeviceErrorCode | null }
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
