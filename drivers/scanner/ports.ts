// Owns the edge to the operating system's serial ports: what a scanner needs of it, no more.
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
  onData(bytes: Uint8Array): void;
  /** The port is closed, by an unplug or a fault; called at most once, never after `close()`. */
  onClosed(error: DeviceError): void;
}

export interface OpenPort {
  /** Resolves when the port is free again; never rejects; may be called twice. */
  close(): Promise<void>;
}

export interface PortSystem {
  readonly timers: Timers;
  /** How often an open port's node is looked at, in milliseconds. */
  readonly watchPeriodMs: number;
  /** Opens for this process alone, and reads from the first moment. Never rejects. */
  open(
    path: string,
    baudRate: number,
    listener: PortListener,
  ): Promise<Result<OpenPort, DeviceError>>;
  /** Every port that the system names, or null when it cannot be asked. Takes up to a second. */
  list(): Promise<readonly PortIdentity[] | null>;
  /** Null when nothing is there. Never rejects. */
  node(path: string): Promise<PortNode | null>;
}
