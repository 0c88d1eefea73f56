// Owns what a system's list of serial ports means: who each is, and where it is plugged in. Pure.
import type { PortIdentity, PortNode } from '#drivers/scanner/ports.ts';

/** A port as the `serialport` package lists it. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly locationId?: string | undefined;
  readonly manufacturer?: string | undefined;
}

/**
 * The place in a device's folder under /sys: of `…/usb1/1-2/1-2.3/1-2.3:1.0` it is `1-2.3`, bus
 * and ports as the kernel counts them. Null when it hangs on no USB port.
 */
export function usbPlaceOfSysfs(folder: string): string | null {
  const places = folder.split('/').filter((part) => /^\d+-\d+(?:\.\d+)*$/.test(part));
  return places.at(-1) ?? null;
}

/** On Windows and macOS; Linux tells more by itself (serialSysfs.ts). */
export function identityOf(port: ListedPort): PortIdentity {
  const serialNumber = port.serialNumber ?? null;
  return {
    path: port.path,
    vendorId: port.vendorId?.toLowerCase() ?? null,
    productId: port.productId?.toLowerCase() ?? null,
    // Windows makes one up for a device that has none, and another at each plug: `5&2f4b1c&0&2`.
    serialNumber: serialNumber === '' || serialNumber?.includes('&') ? null : serialNumber,
    usbPlace: port.locationId ?? null,
    name: port.manufacturer ?? null,
  };
}

/**
 * The node of a port on Windows, which has no file for one: whoever is listed under its name. A
 * disconnect shows nowhere else before the next write (node-serialport#2351).
 */
export function listedNode(path: string, listed: readonly PortIdentity[]): PortNode | null {
  const port = listed.find((one) => one.path.toLowerCase() === path.toLowerCase());
  if (port === undefined) return null;
  const { vendorId, productId, serialNumber, usbPlace } = port;
  return { realPath: path, key: [vendorId, productId, serialNumber, usbPlace].join(' ') };
}
