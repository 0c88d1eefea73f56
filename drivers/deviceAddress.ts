// Owns how a device is named across replugs: by serial number, by place, by model, or by path.
import type { DeviceAddress } from '#drivers/configuration.ts';
import type { PortIdentity } from '#drivers/scanner/ports.ts';

/** Which device is meant; what is not known of it is null. */
export interface Wanted {
  readonly vendorId: string;
  readonly productId: string;
  readonly serialNumber: string | null;
  readonly usbPlace: string | null;
  /** Where it was put down to be, or null when only its identity was. */
  readonly path: string | null;
}

export type ParsedAddress =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'usb'; readonly wanted: Wanted };

const usbAddress = /^usb:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+)|@(.+))?$/i;
/** Future Technology Devices International, whose chips sit in most serial cables. */
const ftdiVendorId = '0403';

/** Whatever is no USB address is a path, to be opened as it stands. */
export function parseAddress(address: DeviceAddress): ParsedAddress {
  const match = usbAddress.exec(address);
  if (match === null) return { type: 'path', path: address };
  const [, vendorId = '', productId = '', serialNumber = null, usbPlace = null] = match;
  const model = { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase() };
  return { type: 'usb', wanted: { ...model, serialNumber, usbPlace, path: null } };
}

/**
 * What to write down for `port`: its serial number where no other of its model has the same
 * (cheap ones all have), else its place, else its model where it is the only one, else its path.
 */
export function formatAddress(port: PortIdentity, listed: readonly PortIdentity[]): DeviceAddress {
  const { vendorId, productId, serialNumber, usbPlace } = port;
  if (vendorId === null || productId === null) return port.path;
  const model = `usb:${vendorId}:${productId}`;
  const others = listed.filter((other) => other.path !== port.path && isModel(other, port));
  const isShared = others.some((other) => isSameSerial(vendorId, serialNumber, other.serialNumber));
  if (serialNumber !== null && !isShared) return `${model}:${serialNumber}`;
  if (usbPlace !== null) return `${model}@${usbPlace}`;
  return others.length === 0 ? model : port.path;
}

interface Model {
  readonly vendorId: string | null;
  readonly productId: string | null;
}

function isModel(a: Model, b: Model): boolean {
  return a.vendorId === b.vendorId && a.productId === b.productId;
}

/**
 * Windows writes serial numbers in capitals, and FTDI's driver puts an `A` behind them
 * (node-serialport#1220).
 */
function isSameSerial(vendorId: string, a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false;
  const [first, second] = [a.toUpperCase(), b.toUpperCase()];
  if (first === second) return true;
  return vendorId === ftdiVendorId && (first === `${second}A` || second === `${first}A`);
}

/** Both have a serial number, and not the same one. */
function isOtherSerial(wanted: Wanted, port: PortIdentity): boolean {
  if (wanted.serialNumber === null || port.serialNumber === null) return false;
  return !isSameSerial(wanted.vendorId, wanted.serialNumber, port.serialNumber);
}

/**
 * How surely `port` is the one that is meant; 0 when nothing but its model may say so. A place
 * goes before a serial number: it is written down where others have the same number.
 */
function certainty(meant: ParsedAddress, port: PortIdentity): number {
  if (meant.type === 'path') return meant.path === port.path ? 1 : 0;
  const { wanted } = meant;
  if (!isModel(wanted, port) || isOtherSerial(wanted, port)) return 0;
  if (wanted.usbPlace !== null && wanted.usbPlace === port.usbPlace) return 3;
  if (isSameSerial(wanted.vendorId, wanted.serialNumber, port.serialNumber)) return 2;
  return wanted.path === port.path ? 1 : 0;
}

/** The only item, or null when there is none or more than one. */
function only<Item>(items: readonly Item[]): Item | null {
  return items.length === 1 ? (items[0] ?? null) : null;
}

/**
 * Where the wanted device is now, or null when it is not there or when two could be it: by serial
 * number; else one of its model at its place or path, which may be a replacement; else the only
 * one of its model, unless that has another serial number, or one of `others` (devices of the same
 * till) is of the model and could be that one. What one of them means more surely is never chosen.
 */
export function choosePort(
  wanted: Wanted,
  listed: readonly PortIdentity[],
  others: readonly ParsedAddress[] = [],
): string | null {
  const { vendorId, serialNumber, usbPlace, path } = wanted;
  const isTwin = (other: ParsedAddress) => other.type === 'usb' && isModel(other.wanted, wanted);
  const hasTwin = others.some(isTwin);
  const model = listed.filter((port) => isModel(port, wanted));
  const free = model.filter((port) => {
    const ownCertainty = certainty({ type: 'usb', wanted }, port);
    return others.every((other) => certainty(other, port) <= ownCertainty);
  });
  const own = only(free.filter((port) => isSameSerial(vendorId, serialNumber, port.serialNumber)));
  if (own !== null) return own.path;
  const likely = free.filter((port) => !(hasTwin && isOtherSerial(wanted, port)));
  const placed = free.find((port) => usbPlace !== null && port.usbPlace === usbPlace);
  if (placed !== undefined) return placed.path;
  if (likely.some((port) => port.path === path)) return path;
  const last = hasTwin ? null : only(model);
  if (last === null || !free.includes(last) || isOtherSerial(wanted, last)) return null;
  return last.path;
}
