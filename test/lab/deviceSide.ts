// Owns the device's side of the lab: a process of its own, so that no call of the till that blocks
// can stop the device which it waits for. Started by devices.ts.
import { startVirtualPrinter, type VirtualPrinter } from '#drivers/virtual/printer.ts';
import type { Answer, Command, DeviceSpec, Request } from '#test/lab/devices.ts';
import {
  type DeviceSide,
  hidGadget,
  type PrinterGadget,
  printerGadget,
  serialGadget,
} from '#test/lab/gadgets.ts';
import { type UhidDevice, uhidDevice } from '#test/lab/uhid.ts';

type Made =
  | { readonly kind: 'plain'; readonly device: DeviceSide }
  | { readonly kind: 'uhid'; readonly device: UhidDevice }
  | {
      readonly kind: 'printer';
      readonly device: PrinterGadget;
      readonly virtual: VirtualPrinter | null;
    };

const devices = new Map<string, Made>();

async function make(name: string, spec: DeviceSpec): Promise<Made> {
  switch (spec.kind) {
    case 'hid':
      return { kind: 'plain', device: hidGadget(name, spec.identity, spec.interfaces) };
    case 'serial':
      return { kind: 'plain', device: serialGadget(name, spec.identity) };
    case 'uhid':
      return { kind: 'uhid', device: uhidDevice(spec.identity, spec.descriptor) };
    case 'printer': {
      const virtual = spec.virtual === null ? null : await startVirtualPrinter(spec.virtual);
      const device = printerGadget(name, spec.identity, virtual?.port ?? null);
      return { kind: 'printer', device, virtual };
    }
  }
}

function found(name: string): Made {
  const made = devices.get(name);
  if (made === undefined) throw new Error(`no device is named ${name}`);
  return made;
}

function printer(name: string): Made & { kind: 'printer' } {
  const made = found(name);
  if (made.kind !== 'printer') throw new Error(`${name} is no printer`);
  return made;
}

async function obey(command: Command): Promise<unknown> {
  switch (command.type) {
    case 'make':
      devices.set(command.name, await make(command.name, command.spec));
      return null;
    case 'plug':
      return found(command.name).device.plug();
    case 'unplug':
      return found(command.name).device.unplug();
    case 'send':
      for (const bytes of command.parts) {
        await found(command.name).device.send(bytes, command.channel);
      }
      return null;
    case 'received':
      return found(command.name).device.received();
    case 'taking':
      return printer(command.name).device.setTaking(command.isTaking);
    case 'fault':
      return printer(command.name).virtual?.set(command.change);
    case 'powerCycle':
      return printer(command.name).virtual?.powerCycle();
    case 'paper': {
      const { virtual } = printer(command.name);
      return { papers: virtual?.papers() ?? [], drawerPulses: virtual?.drawerPulses ?? 0 };
    }
    case 'featureAnswer': {
      const made = found(command.name);
      if (made.kind === 'uhid') made.device.setFeatureAnswer(command.answer);
      return null;
    }
  }
}

process.on('message', (request: Request) => {
  const { id, command } = request;
  const answer = (message: Answer): void => void process.send?.(message);
  obey(command).then(
    (value) => answer({ id, value: value ?? null, error: null }),
    (error: unknown) => answer({ id, value: null, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
