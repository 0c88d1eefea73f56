// Owns the edge to the operating system's ports and HID devices: what a scanner needs, no more.
import type { DeviceError } from '#drivers/device.ts';
import type { Result } from '#drivers/result.ts';
import type { Timers } from '#drivers/timers.ts';

/** A device as the system lists it. Only USB devices have numbers; few have a serial number. */
export interface PortIdentity {
  readonly path: string;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  /** Where it is plugged in, such as `1-2.3`, or null where the system does not say. */
  readonly usbPlace: string | null;
  /** As the device calls itself, or null. */
  readonly name: string | null;
}

/** The node behind a path. */
export interface PortNode {
  /** Where the path leads, every link followed. */
  readonly realPath: string;
  /** Differs when another device stands there now, though the name is the same. */
  readonly key: string;
}

export interface PortListener {
  /** A chunk of a serial stream, or exactly one HID report. */
  onData(bytes: Uint8Array): void;
  /** The port is closed, by an unplug or a fault; called at most once, never after `close()`. */
  onClosed(error: DeviceError): void;
}

export interface OpenPort {
  /**
   * Resolves when the system has taken the bytes; never rejects. A device that takes nothing keeps
   * it waiting, for ever if need be; `busy` at once when too much waits already.
   */
  write(bytes: Uint8Array): Promise<DeviceError | null>;
  /** Resolves when the port is free again; never rejects; may be called twice. */
  close(): Promise<void>;
}

/** `Settings` are what it takes to open one, such as a serial line's speed. */
export interface PortSystem<Settings> {
  readonly timers: Timers;
  /** How often an open port's node is looked at, in milliseconds. */
  readonly watchPeriodMs: number;
  /** Opens for this process alone, and reads from the first moment. Never rejects. */
  open(
    path: string,
    settings: Settings,
    listener: PortListener,
  ): Promise<Result<OpenPort, DeviceError>>;
  /** Every port that the system names, or null when it cannot be asked. Takes up to a second. */
  list(): Promise<readonly PortIdentity[] | null>;
  /** Null when nothing is there. Never rejects. */
  node(path: string): Promise<PortNode | null>;
}

/** How a serial line is set. */
export interface SerialSettings {
  readonly baudRate: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly flowControl: 'none' | 'xon-xoff';
}
