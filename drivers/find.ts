// Owns the search for devices that this computer has, whether or not the till uses them.
import type { FoundDevice } from '#drivers/configuration.ts';
import { findPrinters, systemSearch } from '#drivers/printer/wire/findPrinters.ts';
import { findHidScanners } from '#drivers/scanner/hid/findHid.ts';
import { systemHid } from '#drivers/scanner/hid/hidDevices.ts';
import { findSerialScanners } from '#drivers/scanner/serial/findSerial.ts';
import { systemPorts } from '#drivers/scanner/serial/serialPorts.ts';

export interface Found {
  readonly devices: readonly FoundDevice[];
  /** What could not be asked, in the system's own words, for the log; null when all was. */
  readonly detail: string | null;
}

/** Every device that could be a scanner or a printer; takes up to two seconds. Never rejects. */
export async function findDevices(): Promise<Found> {
  const [ports, hid, printers] = await Promise.all([
    systemPorts.list(),
    findHidScanners(systemHid),
    findPrinters(systemSearch),
  ]);
  const serial = ports === null ? null : await findSerialScanners(ports);
  const unasked = [
    ...(serial === null ? ['the serial ports could not be listed'] : []),
    ...(hid === null ? ['the HID devices could not be listed'] : []),
    ...(printers === null ? ['the printers could not be listed'] : []),
  ];
  return {
    devices: [...(hid ?? []), ...(serial ?? []), ...(printers ?? [])],
    detail: unasked.length === 0 ? null : unasked.join('; '),
  };
}
