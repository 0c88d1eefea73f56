// Owns the search for HID POS scanners, and for scanners that are set to be something else.
import type { FoundDevice } from '#drivers/configuration.ts';
import { formatAddress } from '#drivers/deviceAddress.ts';
import { usagePageScanner } from '#drivers/scanner/hid/hidDescriptor.ts';
import type { HidDevice, HidSystem } from '#drivers/scanner/hid/hidSystem.ts';

/**
 * Makers of scanners by USB vendor id (scanners.md §2.2). A scanner is taken by its usage page,
 * whoever made it; the table only tells a scanner that types like a keyboard from a keyboard.
 * packaging/70-puan.rules names the same.
 */
export const scannerMakers: ReadonlyMap<string, string> = new Map([
  ['0c2e', 'Honeywell'],
  ['23d0', 'Youjie'],
  ['05e0', 'Zebra'],
  ['05f9', 'Datalogic'],
  ['1eab', 'Newland'],
]);

const usagePageDesktop = 0x01;

/** What one plug holds: a scanner shows several collections, each as a device of its own. */
function plugOf({ vendorId, productId, serialNumber, usbPlace }: HidDevice): string {
  return `${vendorId} ${productId} ${serialNumber} ${usbPlace}`;
}

function toFound(
  device: HidDevice,
  listed: readonly HidDevice[],
  problem: FoundDevice['problem'],
): FoundDevice {
  const { path, vendorId, productId, serialNumber } = device;
  const maker = scannerMakers.get(vendorId ?? '') ?? null;
  return {
    kind: 'scanner-hid',
    address: formatAddress(device, listed),
    name: device.name ?? maker ?? path,
    path,
    vendorId,
    productId,
    serialNumber,
    problem,
  };
}

function isScanner(device: HidDevice): boolean {
  return device.usagePages.includes(usagePageScanner);
}

/** Scanners of this computer by HID, or null when it cannot be asked. Never rejects. */
export async function findHidScanners(system: HidSystem): Promise<readonly FoundDevice[] | null> {
  const devices = await system.devices();
  if (devices === null) return null;
  const scanners = devices.filter(isScanner);
  const served = new Set(scanners.map(plugOf));
  const typing = new Map<string, HidDevice>();
  for (const device of devices) {
    const isKnown = scannerMakers.has(device.vendorId ?? '');
    const isTyping = device.usagePages.includes(usagePageDesktop);
    const plug = plugOf(device);
    if (isKnown && isTyping && !served.has(plug) && !typing.has(plug)) typing.set(plug, device);
  }
  return [
    ...scanners.map((device) =>
      toFound(device, scanners, device.isPermitted ? null : 'permission'),
    ),
    ...[...typing.values()].map((device) => toFound(device, [...typing.values()], 'not-hid-pos')),
  ];
}
