// Owns the search for devices that this computer has, whether or not the till uses them.
import type { FoundDevice } from '#drivers/configuration.ts';
import { systemPorts } from '#drivers/scanner/serialPorts.ts';

export interface Found {
  readonly devices: readonly FoundDevice[];
  /** What could not be asked, in the system's own words, for the log; null when all was. */
  readonly detail: string | null;
}

/** Every device that could be a scanner or a printer; takes up to two seconds. Never rejects. */
export async function findDevices(): Promise<Found> {
  const ports = await systemPorts.list();
  const devices = (ports ?? []).map((port): FoundDevice => {
    const { path, vendorId, productId, serialNumber } = port;
    const name = port.name ?? path;
    const kind = 'scanner-serial';
    return { kind, address: path, name, path, vendorId, productId, serialNumber, problem: null };
  });
  return { devices, detail: ports === null ? 'the serial ports could not be listed' : null };
}
