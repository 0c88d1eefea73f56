// Owns the lab's printers: one with a virtual printer behind the cable, and one with nothing.
import type { PrinterConfiguration } from '#drivers/configuration.ts';
import type { VirtualPrinterOptions } from '#drivers/virtual/printer.ts';
import type { Lab } from '#test/lab/check.ts';
import { type LabDevice, pullOut } from '#test/lab/devices.ts';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { epson } from '#test/lab/identities.ts';
import { addressOf } from '#test/lab/system.ts';

/** Nothing behind the cable: it takes bytes and says nothing. */
export const mute: UsbIdentity = {
  ...epson,
  productId: 0x0202,
  product: 'Lab mute',
  serialNumber: 'P2',
};

/** The printer with a virtual one behind it, in order; unplugged after the check. */
export async function printerDevice(
  lab: Lab,
  identity: UsbIdentity,
  virtual: VirtualPrinterOptions | null,
): Promise<LabDevice> {
  const spec = { kind: 'printer', identity, virtual } as const;
  const device = await lab.devices.make(`printer${identity.serialNumber}`, spec);
  lab.after(async () => {
    await pullOut(device, 'usbmisc', identity);
    await device.setTaking(true);
    await device.fault({ isPaperOut: false, isCoverOpen: false, isLate: false, stallMs: 0 });
  });
  return device;
}

/** What comes out from now on: every fresh till begins with the same receipt numbers. */
export async function sheetsFromNow(device: LabDevice): Promise<() => Promise<readonly string[]>> {
  const before = (await device.paper()).papers.length;
  return async () => (await device.paper()).papers.slice(before);
}

/** Slow enough that a receipt takes seconds, and with a buffer that holds a few lines. */
export const slowPrinter: VirtualPrinterOptions = { receiveBufferBytes: 512, linesPerSecond: 12 };

export function configurationOf(identity: UsbIdentity, profileId: string): PrinterConfiguration {
  return { address: addressOf(identity), profileId, capabilities: null };
}
