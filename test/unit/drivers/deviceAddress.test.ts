// Goal: a device is found again whatever it is called now, and never another one in its stead.
// Method: addresses and listed ports by hand; Windows' and Linux' own words as they list them.
import { describe, expect, it } from 'vitest';
import {
  choosePort,
  formatAddress,
  type ParsedAddress,
  parseAddress,
  type Wanted,
} from '#drivers/deviceAddress.ts';
import type { PortIdentity } from '#drivers/scanner/ports.ts';
import { identityOf, listedNode, usbPlaceOfSysfs } from '#drivers/scanner/serial/serialList.ts';

function port(path: string, parts: Partial<PortIdentity> = {}): PortIdentity {
  const model = { vendorId: '0c2e', productId: '1007' };
  return { path, ...model, serialNumber: null, usbPlace: null, name: null, ...parts };
}

function wantedOf(address: string): Wanted {
  const parsed = parseAddress(address);
  if (parsed.type === 'path') throw new Error(`${address} is a path`);
  return parsed.wanted;
}

/** Another scanner of the model that is chosen for this till, and is not plugged in. */
function twin({ vendorId, productId }: Wanted): ParsedAddress {
  return parseAddress(`usb:${vendorId}:${productId}:elsewhere`);
}

describe('an address', () => {
  it.each([
    ['usb:0c2e:1007:SN:12@3', { serialNumber: 'SN:12@3', usbPlace: null }],
    ['usb:0c2e:1007@1-2.3', { serialNumber: null, usbPlace: '1-2.3' }],
    ['usb:0C2E:1007@Port_#0003.Hub_#0001', { usbPlace: 'Port_#0003.Hub_#0001' }],
    ['usb:0c2e:1007', { serialNumber: null, usbPlace: null }],
  ])('names a USB device: %s', (address, parts) => {
    expect(wantedOf(address)).toMatchObject({ vendorId: '0c2e', productId: '1007', ...parts });
  });

  it.each(['/dev/ttyACM0', 'COM3', 'usb:12:1007', 'usb:0c2e:1007:', 'usb:0c2e:1007@'])(
    'is a path else: %s',
    (address) => {
      expect(parseAddress(address)).toEqual({ type: 'path', path: address });
    },
  );

  it('is the serial number, else the place, else the model, else the path', () => {
    const a = port('/dev/ttyACM0', { serialNumber: 'A', usbPlace: '1-1' });
    const b = port('/dev/ttyACM1', { serialNumber: 'B', usbPlace: '1-2' });
    const zero = { serialNumber: '0001' };
    const twins = [
      port('a', { ...zero, usbPlace: '1-1' }),
      port('b', { ...zero, usbPlace: '1-2' }),
    ];
    const alone = port('/dev/ttyACM0');
    expect(formatAddress(a, [a, b])).toBe('usb:0c2e:1007:A');
    expect(twins.map((one) => formatAddress(one, twins))).toEqual([
      'usb:0c2e:1007@1-1',
      'usb:0c2e:1007@1-2',
    ]);
    expect(formatAddress(alone, [alone])).toBe('usb:0c2e:1007');
    expect(formatAddress(alone, [alone, b])).toBe('/dev/ttyACM0');
    const plain = port('/dev/ttyS0', { vendorId: null, productId: null });
    expect(formatAddress(plain, [plain])).toBe('/dev/ttyS0');
  });

  it('is read back to the device that it was made of', () => {
    const listed = [
      port('/dev/ttyACM0', { serialNumber: 'A:1', usbPlace: '1-1' }),
      port('/dev/ttyACM1', { usbPlace: '1-2' }),
      port('/dev/ttyACM2', { productId: '0a0a' }),
    ];
    for (const one of listed) {
      const wanted = wantedOf(formatAddress(one, listed));
      expect(choosePort(wanted, listed, [twin(wanted)]) ?? choosePort(wanted, listed)).toBe(
        one.path,
      );
    }
  });
});

describe('a device is chosen', () => {
  const two = [
    port('/dev/ttyACM0', { serialNumber: 'B', usbPlace: '1-1' }),
    port('/dev/ttyACM1', { serialNumber: 'A', usbPlace: '1-2' }),
  ];

  it('by its serial number, under any name and at any place', () => {
    expect(choosePort(wantedOf('usb:0c2e:1007:A'), two, [twin(wantedOf('usb:0c2e:1007:A'))])).toBe(
      '/dev/ttyACM1',
    );
    expect(choosePort(wantedOf('usb:0c2e:1007:C'), two)).toBeNull();
    expect(choosePort(wantedOf('usb:0c2e:1007:C'), two.slice(1))).toBeNull();
  });

  it('by its place, where its model has no serial numbers', () => {
    const nameless = [port('/dev/ttyACM0', { usbPlace: '1-3' }), port('b', { usbPlace: '1-2' })];
    expect(
      choosePort(wantedOf('usb:0c2e:1007@1-2'), nameless, [twin(wantedOf('usb:0c2e:1007@1-2'))]),
    ).toBe('b');
    expect(choosePort(wantedOf('usb:0c2e:1007@1-9'), nameless)).toBeNull();
  });

  it('as the only one of its model, unless a second one is configured', () => {
    const moved = [port('/dev/ttyACM4', { usbPlace: '1-7' }), port('x', { productId: 'ffff' })];
    expect(choosePort(wantedOf('usb:0c2e:1007@1-2'), moved)).toBe('/dev/ttyACM4');
    expect(
      choosePort(wantedOf('usb:0c2e:1007@1-2'), moved, [twin(wantedOf('usb:0c2e:1007@1-2'))]),
    ).toBeNull();
    expect(choosePort(wantedOf('usb:0c2e:1007:A'), moved)).toBe('/dev/ttyACM4');
  });

  it('never, where another scanner of the till means it more surely', () => {
    const clone = { serialNumber: '0001' };
    const [a, b] = [
      port('a', { ...clone, usbPlace: '1-1' }),
      port('b', { ...clone, usbPlace: '1-2' }),
    ];
    const bySerial = 'usb:0c2e:1007:0001';
    const byPlace = 'usb:0c2e:1007@1-2';
    const chosen = (address: string, other: string, listed: readonly PortIdentity[]) =>
      choosePort(wantedOf(address), listed, [parseAddress(other)]);
    expect(chosen(bySerial, byPlace, [a, b])).toBe('a');
    expect(chosen(byPlace, bySerial, [a, b])).toBe('b');
    expect(chosen(bySerial, byPlace, [b])).toBeNull();
    expect(chosen(byPlace, bySerial, [b])).toBe('b');
    expect(chosen(byPlace, bySerial, [a])).toBeNull();
    expect(chosen('usb:0c2e:1007', 'c', [port('c')])).toBeNull();
    expect(chosen('usb:0c2e:1007', 'c', [port('d')])).toBe('d');
  });

  it('at its place, where it was replaced while its twin stands in its own', () => {
    const wanted = { ...wantedOf('usb:0c2e:1007:A'), usbPlace: '1-1', path: '/dev/ttyACM0' };
    const other = { ...wantedOf('usb:0c2e:1007:B'), usbPlace: '1-2', path: '/dev/ttyACM1' };
    const listed = [
      port('/dev/ttyACM0', { serialNumber: 'C', usbPlace: '1-1' }),
      port('/dev/ttyACM1', { serialNumber: 'B', usbPlace: '1-2' }),
    ];
    const others = [{ type: 'usb', wanted: other }] as const;
    expect(choosePort(wanted, listed, others)).toBe('/dev/ttyACM0');
  });

  it('not by its path, where it has another serial number and its twin is configured', () => {
    const wanted = { ...wantedOf('usb:0c2e:1007:A'), path: '/dev/ttyACM0' };
    const listed = [port('/dev/ttyACM0', { serialNumber: 'B' })];
    expect(choosePort(wanted, listed, [twin(wanted)])).toBeNull();
    expect(choosePort(wanted, listed)).toBe('/dev/ttyACM0');
  });

  it('not at all, when two have the same serial number', () => {
    const clones = [port('a', { serialNumber: '0001' }), port('b', { serialNumber: '0001' })];
    expect(choosePort(wantedOf('usb:0c2e:1007:0001'), clones)).toBeNull();
  });

  it('with the A that Windows puts behind the serial numbers of FTDI alone', () => {
    const cable = { vendorId: '0403', productId: '6001', serialNumber: 'A50285BIA' };
    const listed = [port('COM7', cable), port('COM8', { serialNumber: 'A50285BIA' })];
    expect(
      choosePort(wantedOf('usb:0403:6001:a50285bi'), listed, [
        twin(wantedOf('usb:0403:6001:a50285bi')),
      ]),
    ).toBe('COM7');
    expect(
      choosePort(wantedOf('usb:0c2e:1007:A50285BI'), listed, [
        twin(wantedOf('usb:0c2e:1007:A50285BI')),
      ]),
    ).toBeNull();
  });

  it('under another COM number, as Windows gives at another plug', () => {
    const before = port('COM3', { serialNumber: 'SN1' });
    const address = formatAddress(before, [before]);
    const after = [{ ...before, path: 'COM11' }, port('COM3', { productId: '0a0a' })];
    expect(choosePort(wantedOf(address), after)).toBe('COM11');
  });
});

describe('the list of ports', () => {
  it.each([
    ['/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.3/1-2.3:1.0', '1-2.3'],
    ['/sys/devices/pci0000:00/0000:00:14.0/usb3/3-10/3-10:1.0/ttyUSB0', '3-10'],
    ['/sys/devices/platform/dummy_hcd.0/usb2/2-1/2-1:1.0', '2-1'],
    ['/sys/devices/pnp0/00:04', null],
  ])('says where %s is plugged in', (folder, place) => {
    expect(usbPlaceOfSysfs(folder)).toBe(place);
  });

  it('takes no serial number that Windows made up', () => {
    const listed = { path: 'COM3', vendorId: '0C2E', productId: '1007' };
    const made = identityOf({ ...listed, serialNumber: '5&2F4B1C&0&2' });
    expect(made).toMatchObject({ vendorId: '0c2e', serialNumber: null, usbPlace: null });
    const real = { ...listed, serialNumber: 'SN1', locationId: 'Port_#0003.Hub_#0001' };
    expect(identityOf(real)).toMatchObject({
      serialNumber: 'SN1',
      usbPlace: 'Port_#0003.Hub_#0001',
    });
  });

  it('is the node of a port on Windows, and differs with the device', () => {
    const first = listedNode('com3', [port('COM3', { serialNumber: 'A' })]);
    const second = listedNode('COM3', [port('COM3', { serialNumber: 'B' })]);
    expect(first?.key).not.toBe(second?.key);
    expect(listedNode('COM3', [port('COM4')])).toBeNull();
  });
});
