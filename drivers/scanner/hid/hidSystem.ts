// Owns the edge to the operating system's HID devices: what a HID POS scanner needs, no more.
import type { PortIdentity, PortSystem } from '#drivers/scanner/ports.ts';

/** A HID device, scanner or not, as the system lists it. */
export interface HidDevice extends PortIdentity {
  /** Of its application collections: 0x8C for a HID POS scanner, 0x01 for a keyboard. */
  readonly usagePages: readonly number[];
  /** False when this user may not open it. */
  readonly isPermitted: boolean;
}

/** `list` names the HID POS scanners alone; one write is one output report, its id first. */
export interface HidSystem extends PortSystem<null> {
  /** Every HID device, or null when the system cannot be asked. Never rejects. */
  devices(): Promise<readonly HidDevice[] | null>;
  /** The report descriptor, or null where the system does not show it. Never rejects. */
  descriptor(path: string): Promise<Uint8Array | null>;
}
