// Owns the names that the lab's devices go by: vendors' real USB numbers, products of our own.
import type { UsbIdentity } from '#test/lab/gadgets.ts';

export const honeywell: UsbIdentity = {
  vendorId: 0x0c2e,
  productId: 0x0b61,
  manufacturer: 'Honeywell',
  product: 'Lab Voyager',
  serialNumber: 'H1',
};

export const symbol: UsbIdentity = {
  vendorId: 0x05e0,
  productId: 0x2100,
  manufacturer: 'Symbol',
  product: 'Lab HID POS',
  serialNumber: 'S1',
};

/** Another model: a device with a vendor's twin beside its scanner. */
export const twinned: UsbIdentity = { ...honeywell, productId: 0x1007, serialNumber: 'T1' };

export const youjie: UsbIdentity = {
  vendorId: 0x23d0,
  productId: 0x0c81,
  manufacturer: 'Youjie',
  product: 'Lab unnumbered',
  serialNumber: 'Y1',
};

export const datalogic: UsbIdentity = {
  vendorId: 0x05f9,
  productId: 0x4204,
  manufacturer: 'Datalogic',
  product: 'Lab serial',
  serialNumber: 'D1',
};

export const keyboard: UsbIdentity = {
  vendorId: 0x05e0,
  productId: 0x1200,
  manufacturer: 'Symbol',
  product: 'Lab keyboard',
  serialNumber: 'K1',
};

/** A maker that packaging/70-puan.rules does not name. */
export const otherMaker: UsbIdentity = {
  vendorId: 0x27dd,
  productId: 0x0103,
  manufacturer: 'Mindeo',
  product: 'Lab HID POS',
  serialNumber: 'M1',
};

export const otherKeyboard: UsbIdentity = {
  ...otherMaker,
  productId: 0x0002,
  product: 'Lab keyboard',
  serialNumber: 'M2',
};

export const epson: UsbIdentity = {
  vendorId: 0x04b8,
  productId: 0x0e15,
  manufacturer: 'EPSON',
  product: 'Lab TM',
  serialNumber: 'P1',
};
