// Goal: the terminal says of each device what it is and how its problem is cured, as the screen
// does. Method: the tool's own text of devices that were found, and its main on this computer.
import { describe, expect, it, vi } from 'vitest';
import type { FoundDevice } from '#drivers/configuration.ts';
import { foundText, main } from '#tools/devices.ts';

const scanner: FoundDevice = {
  kind: 'scanner-hid',
  address: 'usb:0c2e:1007:A1',
  name: 'Voyager',
  path: '/dev/hidraw2',
  vendorId: '0c2e',
  productId: '1007',
  serialNumber: 'A1',
  problem: 'permission',
};

describe('devices', () => {
  it('names the udev rule where a right is missing', () => {
    const text = foundText({ devices: [scanner], detail: null }, 'en');
    expect(text).toContain('Scanner, USB HID POS: Voyager');
    expect(text).toContain('usb:0c2e:1007:A1  (/dev/hidraw2)');
    expect(text).toMatch(/! Permission denied: .*Install the udev rule packaging\/70-puan\.rules/);
  });

  it('says in Turkish what to do when nothing was found, and what could not be asked', () => {
    expect(foundText({ devices: [], detail: null }, 'tr')).toContain('Bir şey bulunamadı');
    const text = foundText({ devices: [], detail: 'no udevadm' }, 'tr');
    expect(text).toContain('Bu bilgisayarın tümü aranamadı');
    expect(text).not.toContain('Bir şey bulunamadı');
    expect(text).toContain('(no udevadm)');
  });

  it('says a plain port once', () => {
    const port: FoundDevice = {
      ...scanner,
      kind: 'scanner-serial',
      address: '/dev/ttyS0',
      name: '/dev/ttyS0',
      path: '/dev/ttyS0',
      problem: null,
    };
    expect(foundText({ devices: [port], detail: null }, 'en')).toBe('Serial port: /dev/ttyS0\n');
  });

  it('says which languages there are, and takes no other for English', async () => {
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await main(['--language', 'de'])).toBe(2);
    expect(errors.mock.calls.join('')).toContain('en, tr');
    errors.mockRestore();
  });

  it('lists this computer, and refuses what it does not know', async () => {
    const said: string[] = [];
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
    const code = await main([]);
    out.mockRestore();
    expect([0, 1]).toContain(code);
    expect(said.join('')).not.toBe('');
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await main(['--all'])).toBe(2);
    expect(errors).toHaveBeenCalledOnce();
    errors.mockRestore();
  });
});
