// Owns how a till's devices are written down: which they are, and how each is set.
import type { PageName } from '#drivers/printer/paper/pages.ts';
import type { AckLevel } from '#drivers/printer/printer.ts';

/**
 * Names a device, not the node of the moment (deviceAddress.ts): `/dev/ttyS0` or `COM3` for one
 * without a USB identity, `usb:0c2e:1007:SN1234` by serial number, `usb:0c2e:1007@1-2.3` by the
 * place where it is plugged in, which tells two of a model without serial numbers apart.
 */
export type DeviceAddress = string;

/** Whose commands for good and bad reads a scanner obeys (scanners.md §2.4). */
export type ScannerCommands = 'none' | 'honeywell' | 'datalogic' | 'cipherlab';

/**
 * As the device called itself when it was chosen: by this a person looks for one that is not
 * plugged in. Null or absent where nothing told.
 */
type DeviceName = string | null | undefined;

export type ScannerConfiguration =
  | {
      readonly type: 'serial';
      readonly name?: DeviceName;
      readonly address: DeviceAddress;
      readonly baudRate: number;
      readonly parity: 'none' | 'even' | 'odd';
      readonly flowControl: 'none' | 'xon-xoff';
      /** Host ACK mode: the scanner waits for ACK and sends again after NAK. */
      readonly isAcknowledged: boolean;
      readonly commands: ScannerCommands;
    }
  /** Zebra's Simple Serial Interface: packets, each answered with ACK or NAK. */
  | {
      readonly type: 'ssi';
      readonly name?: DeviceName;
      readonly address: DeviceAddress;
      readonly baudRate: number;
    }
  /** USB HID POS, usage page 0x8C. */
  | {
      readonly type: 'hid';
      readonly name?: DeviceName;
      readonly address: DeviceAddress;
      readonly commands: ScannerCommands;
    };

/** What a probe at set-up found out about this one printer; profiles know only the model. */
export interface PrinterCapabilities {
  readonly ackLevel: AckLevel;
  readonly answersRealTime: boolean;
  readonly answersAutomatic: boolean;
  readonly answersPaperSensor: boolean;
  readonly answersProcessId: boolean;
  /** True once the near-end sensor was seen to change: many printers have none. */
  readonly hasNearEndSensor: boolean;
  /** As the printer calls itself (GS I 67), or null. */
  readonly modelName: string | null;
}

/** A code page of this one printer, as somebody read it off the slip of letters (testSlip.ts). */
export interface ConfirmedPage {
  readonly page: PageName;
  /** What `ESC t` wants: 0 to 255. */
  readonly number: number;
}

export interface PrinterConfiguration {
  readonly name?: DeviceName;
  /** See printer/address.ts. */
  readonly address: string;
  /** Of printer/profiles.ts. */
  readonly profileId: string;
  /** Null before the printer was probed: the profile's guess holds. */
  readonly capabilities: PrinterCapabilities | null;
  /** Null or absent before anybody looked: the profile's numbers hold. */
  readonly confirmedPage?: ConfirmedPage | null | undefined;
}

/** A customer display that takes ESC/POS commands; its address is a printer's. */
export interface LineDisplayConfiguration {
  readonly address: string;
  /** Characters of one of its two rows. */
  readonly columns: number;
}

export interface DeviceConfiguration {
  readonly scanners: readonly ScannerConfiguration[];
  readonly printer: PrinterConfiguration | null;
  readonly lineDisplay: LineDisplayConfiguration | null;
}

/** How a serial scanner is set when nobody said more than where it is. */
export const serialScannerDefaults = {
  type: 'serial',
  baudRate: 9600,
  parity: 'none',
  flowControl: 'none',
  isAcknowledged: false,
  commands: 'none',
} as const;

/** A device that the computer has, whether or not the till uses it. */
export interface FoundDevice {
  readonly kind: 'scanner-hid' | 'scanner-serial' | 'printer-usb' | 'printer-spooler';
  /** To be written into the configuration; an address of a printer for a printer. */
  readonly address: string;
  readonly name: string;
  /** The node of the moment, such as /dev/hidraw0, for the problem's sentence. */
  readonly path: string | null;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  /** Why it cannot be used now: `permission` is cured by the udev rule. */
  readonly problem: 'permission' | 'claimed-elsewhere' | 'not-hid-pos' | null;
}
