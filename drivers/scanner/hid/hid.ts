// Owns making the language of the HID POS scanner at hand, by what its descriptor says.
import type { ScannerCommands } from '#drivers/configuration.ts';
import { parseHidDescriptor } from '#drivers/scanner/hid/hidDescriptor.ts';
import { createHidReports } from '#drivers/scanner/hid/hidReports.ts';
import type { HidSystem } from '#drivers/scanner/hid/hidSystem.ts';
import type { MakeProtocol } from '#drivers/scanner/protocol.ts';

export function makeHidProtocol(system: HidSystem, commands: ScannerCommands): MakeProtocol {
  return async (path, isTracing) => {
    const descriptor = await system.descriptor(path);
    const layout = descriptor === null ? null : (parseHidDescriptor(descriptor)?.layout ?? null);
    return createHidReports({ layout, commands }, isTracing);
  };
}
