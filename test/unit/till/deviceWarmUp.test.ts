// Goal: no receipt holds up a read: what printing loads once is there before a scanner is open.
// Method: the shipped host in a process of its own, on a fake port that looks as it is opened.
import { createRequire } from 'node:module';
import { expect, it, onTestFinished } from 'vitest';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { thisComputer } from '#drivers/registry.ts';
import { systemTimers } from '#drivers/timers.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { startDeviceHost } from '#till/deviceHost.ts';

const require = createRequire(import.meta.url);

/** Draws text for printers; it is loaded at the first character that has to be drawn. */
function isDrawerLoaded(): boolean {
  return require.resolve('@resvg/resvg-js') in require.cache;
}

it('has the drawer of receipts loaded when it opens the first scanner', async () => {
  const ports = createFakePorts(systemTimers);
  const address = '/dev/ttyS0';
  ports.plug(address);
  const loaded: boolean[] = [];
  const serial: typeof ports = {
    ...ports,
    open(path, settings, listener) {
      loaded.push(isDrawerLoaded());
      return ports.open(path, settings, listener);
    },
  };
  let send: (message: CoreToDevices) => void = () => undefined;
  let close = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    const end = {
      post(message: DevicesToCore) {
        if (message.type === 'ready') resolve();
      },
      onMessage(listener: typeof send) {
        send = listener;
      },
      onClose(listener: () => void) {
        close = listener;
      },
      close: () => undefined,
    };
    startDeviceHost(end, () => undefined, { ...thisComputer, serial });
  });
  onTestFinished(() => close());
  expect(isDrawerLoaded()).toBe(false);
  const printer = { address: 'tcp://127.0.0.1:9', profileId: 'epson-80', capabilities: null };
  const scanners = [{ ...serialScannerDefaults, address }];
  send({ type: 'configure', configuration: { scanners, printer, lineDisplay: null } });
  await ready;
  expect(loaded).toEqual([true]);
});
