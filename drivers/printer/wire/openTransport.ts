// Owns which way leads to a printer at an address, on the system that the till stands on.
import type { DeviceError } from '#drivers/device.ts';
import { bridgeTransport } from '#drivers/printer/bridge/bridgeAdapter.ts';
import type { PrinterAddress } from '#drivers/printer/wire/address.ts';
import { systemCommands } from '#drivers/printer/wire/commands.ts';
import { cupsTransport } from '#drivers/printer/wire/cups.ts';
import { systemDeviceFiles } from '#drivers/printer/wire/deviceFiles.ts';
import { networkTransport } from '#drivers/printer/wire/network.ts';
import { allPorts, type PortChoice, serialTransport } from '#drivers/printer/wire/serial.ts';
import type { Transport } from '#drivers/printer/wire/transport.ts';
import { systemFolders, usbLpTransport } from '#drivers/printer/wire/usbLp.ts';
import { loadWindowsCalls } from '#drivers/printer/wire/windowsKoffi.ts';
import { windowsSpoolerTransport } from '#drivers/printer/wire/windowsSpooler.ts';
import { usbPrintTransport } from '#drivers/printer/wire/windowsUsb.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { Timers } from '#drivers/timers.ts';

type WindowsCalls = Awaited<ReturnType<typeof loadWindowsCalls>>;

/** Opens nothing yet; fails where this system has no such way. */
export function openTransport(
  address: PrinterAddress,
  platform: NodeJS.Platform,
  timers: Timers,
  choice: PortChoice = allPorts,
): Result<Transport, DeviceError> {
  switch (address.type) {
    case 'tcp':
      return success(networkTransport(address.host, address.port, timers));
    case 'serial':
      return success(serialTransport(address, timers, choice));
    case 'usb':
      if (platform === 'linux') {
        return success(usbLpTransport(address.place, systemDeviceFiles, systemFolders, timers));
      }
      return notHere(platform === 'win32' ? 'usb: is for Linux; use usbprint:' : spoolerInstead);
    case 'usbprint':
      if (platform !== 'win32') return notHere('usbprint: is for Windows; use usb: on Linux');
      return success(
        onWindows(false, ({ usbPrint }) =>
          usbPrintTransport(address.place, usbPrint, systemCommands, timers),
        ),
      );
    case 'spooler':
      return success(
        platform === 'win32'
          ? onWindows(true, ({ spooler }) =>
              windowsSpoolerTransport(address.queue, spooler, timers),
            )
          : cupsTransport(address.queue, systemCommands, timers),
      );
    case 'escpos':
      return success(bridgeTransport(address.path, timers));
  }
}

const spoolerInstead = 'usb: is for Linux; use spooler: here';

function notHere(detail: string): Result<Transport, DeviceError> {
  return failure({ code: 'no-hardware', detail });
}

/** Windows' calls are loaded with the first session. */
function onWindows(isOneWay: boolean, make: (calls: WindowsCalls) => Transport): Transport {
  let transport: Transport | null = null;
  return {
    keepsSession: false,
    isOneWay,
    async connect(deadlineMs) {
      try {
        transport ??= make(await loadWindowsCalls());
      } catch (error) {
        const detail = error instanceof Error ? error.message : 'koffi could not be loaded';
        return failure({ code: 'failure', detail });
      }
      return transport.connect(deadlineMs);
    },
  };
}
