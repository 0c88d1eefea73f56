// Owns which drivers exist: the only place that makes a device of what was configured.
import { assertNever } from '#drivers/assert.ts';
import type {
  DeviceAddress,
  LineDisplayConfiguration,
  PrinterConfiguration,
  ScannerConfiguration,
} from '#drivers/configuration.ts';
import type { DeviceError } from '#drivers/device.ts';
import {
  createLineDisplay,
  type LineDisplay,
  type TellDisplay,
} from '#drivers/display/lineDisplayDevice.ts';
import type { LogLine } from '#drivers/printer/bridge/blockFile.ts';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import { printerProfileById, withPage } from '#drivers/printer/paper/profiles.ts';
import type { POSPrinter } from '#drivers/printer/printer.ts';
import { parsePrinterAddress } from '#drivers/printer/wire/address.ts';
import { openTransport } from '#drivers/printer/wire/openTransport.ts';
import { allPorts, type PortChoice } from '#drivers/printer/wire/serial.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { makeHidProtocol } from '#drivers/scanner/hid/hid.ts';
import { systemHid } from '#drivers/scanner/hid/hidDevices.ts';
import type { HidSystem } from '#drivers/scanner/hid/hidSystem.ts';
import { createScanner } from '#drivers/scanner/life.ts';
import type { PortSystem, SerialSettings } from '#drivers/scanner/ports.ts';
import type { Scanner } from '#drivers/scanner/scanner.ts';
import { createSerialProtocol } from '#drivers/scanner/serial/serial.ts';
import { systemPorts } from '#drivers/scanner/serial/serialPorts.ts';
import { createSsiProtocol } from '#drivers/scanner/serial/ssi.ts';
import { systemTimers } from '#drivers/timers.ts';

/** The ports that scanners stand on; a test puts its own in place of this computer's. */
export interface ScannerSystems {
  readonly serial: PortSystem<SerialSettings>;
  readonly hid: HidSystem;
}

export const thisComputer: ScannerSystems = { serial: systemPorts, hid: systemHid };

/**
 * A scanner; it opens once claimed. `configured` are the addresses of all scanners of this till
 * and the serial ports of its printer and display: one of two never passes for the other, and no
 * port is opened twice.
 */
export function openScanner(
  configuration: ScannerConfiguration,
  configured: readonly DeviceAddress[] = [configuration.address],
  systems: ScannerSystems = thisComputer,
): Scanner {
  const { type, address } = configuration;
  const others = configured.filter((_, index) => index !== configured.indexOf(address));
  const common = { deviceId: `${type}:${address}`, address, others };
  switch (type) {
    case 'serial': {
      const { baudRate, parity, flowControl, ...language } = configuration;
      return createScanner({
        ...common,
        system: systems.serial,
        settings: { baudRate, parity, flowControl },
        makeProtocol: (_path, isTracing) => createSerialProtocol(language, isTracing),
      });
    }
    case 'hid':
      return createScanner({
        ...common,
        system: systems.hid,
        settings: null,
        makeProtocol: makeHidProtocol(systems.hid, configuration.commands),
      });
    case 'ssi':
      return createScanner({
        ...common,
        system: systems.serial,
        settings: { baudRate: configuration.baudRate, parity: 'none', flowControl: 'none' },
        makeProtocol: createSsiProtocol,
      });
    default:
      return assertNever(configuration);
  }
}

/**
 * A printer at an address (printer/wire/address.ts), of a kind listed in `profiles.ts`. Nothing is
 * opened before the first output or question; fails when the address or the profile cannot be
 * understood.
 */
export function openPrinter(
  { address, profileId, capabilities, confirmedPage = null }: PrinterConfiguration,
  log: LogLine = () => undefined,
  choice: PortChoice = allPorts,
): Result<POSPrinter, DeviceError> {
  const parsed = parsePrinterAddress(address);
  if (!parsed.ok) return parsed;
  const model = printerProfileById(profileId);
  if (model === null) {
    return failure({ code: 'no-hardware', detail: `no printer profile is named ${profileId}` });
  }
  const profile =
    confirmedPage === null ? model : withPage(model, confirmedPage.page, confirmedPage.number);
  const timers = systemTimers;
  const transport = openTransport(parsed.value, process.platform, timers, choice);
  if (!transport.ok) return transport;
  const given = { transport: transport.value, profile, capabilities, timers, log };
  return success(new EscPosPrinter(given));
}

/**
 * A customer display at a printer's kind of address; opens nothing before it shows something.
 * `tell` hears how it went.
 */
export function openLineDisplay(
  { address, columns }: LineDisplayConfiguration,
  tell: TellDisplay,
  choice: PortChoice = allPorts,
): Result<LineDisplay, DeviceError> {
  const parsed = parsePrinterAddress(address);
  if (!parsed.ok) return parsed;
  const transport = openTransport(parsed.value, process.platform, systemTimers, choice);
  if (!transport.ok) return transport;
  return success(createLineDisplay(transport.value, columns, tell));
}
