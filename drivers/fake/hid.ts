// Owns HID devices that exist only in this process: plugged, unplugged and fed by a script.
import { createFakePorts, type FakeIdentity, type FakePorts } from '#drivers/fake/port.ts';
import { parseHidDescriptor, usagePageScanner } from '#drivers/scanner/hid/hidDescriptor.ts';
import type { HidDevice, HidSystem } from '#drivers/scanner/hid/hidSystem.ts';
import type { Timers } from '#drivers/timers.ts';

export type FakeHidIdentity = FakeIdentity & {
  /** False for a device whose node this user may not open. */
  readonly isPermitted?: boolean;
};

export interface FakeHid extends HidSystem, Omit<FakePorts<null>, keyof HidSystem> {
  /** A device appears at `path`; null for a system that does not show descriptors. */
  plugHid(path: string, identity: FakeHidIdentity, descriptor: Uint8Array): void;
  /** From now on no descriptor can be read, as on Windows and macOS. */
  hideDescriptors(): void;
}

interface Plugged {
  readonly descriptor: Uint8Array;
  readonly isPermitted: boolean;
}

export function createFakeHid(timers: Timers): FakeHid {
  const ports = createFakePorts<null>(timers);
  const plugged = new Map<string, Plugged>();
  let isHidden = false;

  async function devices(): Promise<readonly HidDevice[]> {
    const listed = (await ports.list()) ?? [];
    return listed.map((port) => {
      const { descriptor = new Uint8Array(), isPermitted = true } = plugged.get(port.path) ?? {};
      return {
        ...port,
        usagePages: parseHidDescriptor(descriptor)?.usagePages ?? [],
        isPermitted,
      };
    });
  }

  return {
    ...ports,
    devices,
    list: async () => (await devices()).filter((one) => one.usagePages.includes(usagePageScanner)),
    descriptor: async (path) => (isHidden ? null : (plugged.get(path)?.descriptor ?? null)),
    plugHid(path, { isPermitted = true, ...identity }, descriptor) {
      plugged.set(path, { descriptor, isPermitted });
      ports.plug(path, identity);
      const refusal = { code: 'not-permitted', detail: 'Permission denied' } as const;
      ports.refuse(path, isPermitted ? null : refusal);
    },
    hideDescriptors() {
      isHidden = true;
    },
  };
}
