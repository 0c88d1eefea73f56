// Owns which ports the scanners of this process hold, and what each of them has learnt it means.
import type { DeviceAddress } from '#drivers/configuration.ts';
import { type ParsedAddress, parseAddress, type Wanted } from '#drivers/deviceAddress.ts';
import type { PortIdentity, PortSystem } from '#drivers/scanner/ports.ts';

/**
 * One for all scanners of a system: a HID device lets a second one in, and both get every scan
 * (scanners.md §1), so the system's own lock is not enough.
 */
export interface HeldPorts {
  /** False when another scanner has it open, or is opening it. */
  hold(realPath: string): boolean;
  letGo(realPath: string): void;
  /** Null once the scanner of that address is no more. */
  learn(address: DeviceAddress, wanted: Wanted | null): void;
  /** What an address means: the device that was found at a path, where one was. */
  meaningOf(address: DeviceAddress): ParsedAddress;
}

function createHeldPorts(): HeldPorts {
  const held = new Set<string>();
  const learnt = new Map<DeviceAddress, Wanted>();
  return {
    hold(realPath) {
      if (held.has(realPath)) return false;
      held.add(realPath);
      return true;
    },
    letGo: (realPath) => void held.delete(realPath),
    learn(address, wanted) {
      if (wanted === null) learnt.delete(address);
      else learnt.set(address, wanted);
    },
    meaningOf(address) {
      const wanted = learnt.get(address);
      return wanted === undefined ? parseAddress(address) : { type: 'usb', wanted };
    },
  };
}

const bySystem = new WeakMap<PortSystem<never>, HeldPorts>();

export function heldPortsOf<Settings>(system: PortSystem<Settings>): HeldPorts {
  const known = bySystem.get(system);
  if (known !== undefined) return known;
  const fresh = createHeldPorts();
  bySystem.set(system, fresh);
  return fresh;
}

/** What addresses mean: links are followed, since the list of ports knows no links. */
export function meaningsOf<Settings>(
  system: PortSystem<Settings>,
  addresses: readonly DeviceAddress[],
  listed: readonly PortIdentity[],
): Promise<ParsedAddress[]> {
  const { meaningOf } = heldPortsOf(system);
  return Promise.all(
    addresses.map(async (address) => {
      const meaning = meaningOf(address);
      const isLink = meaning.type === 'path' && !listed.some(({ path }) => path === meaning.path);
      const node = isLink ? await system.node(meaning.path) : null;
      return node === null ? meaning : { type: 'path', path: node.realPath };
    }),
  );
}
