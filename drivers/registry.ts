// Owns which drivers exist: the only place that makes a device of what was configured.
import { assert } from '#drivers/assert.ts';
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import type { DeviceError } from '#drivers/device.ts';
import { parsePrinterAddress } from '#drivers/printer/address.ts';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import { networkTransport } from '#drivers/printer/network.ts';
import type { POSPrinter } from '#drivers/printer/printer.ts';
import { printerProfileById } from '#drivers/printer/profiles.ts';
import { serialTransport } from '#drivers/printer/serial.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { Scanner } from '#drivers/scanner/scanner.ts';
import { createSerialScanner } from '#drivers/scanner/serial.ts';
import { systemPorts } from '#drivers/scanner/serialPorts.ts';
import { systemTimers } from '#drivers/timers.ts';

/** A scanner on this computer; it opens once claimed. */
export function openScanner(configuration: ScannerConfiguration): Scanner {
  assert(configuration.type === 'serial', 'a scanner of a kind that has no driver yet');
  const { address: path, baudRate } = configuration;
  return createSerialScanner({ path, baudRate }, systemPorts);
}

/**
 * A printer at `tcp://host:port` or `serial:/dev/ttyUSB0?baud=19200`, of a kind listed in
 * `profiles.ts`. Nothing is opened before the first output or question; fails when the address or
 * the profile cannot be understood.
 */
export function openPrinter(address: string, profileId: string): Result<POSPrinter, DeviceError> {
  const parsed = parsePrinterAddress(address);
  if (!parsed.ok) return failure({ code: 'no-hardware', detail: parsed.error.detail });
  const profile = printerProfileById(profileId);
  if (profile === null) {
    return failure({ code: 'no-hardware', detail: `no printer profile is named ${profileId}` });
  }
  const timers = systemTimers;
  const place = parsed.value;
  const transport =
    place.type === 'tcp'
      ? networkTransport(place.host, place.port, timers)
      : serialTransport(place.path, place.baudRate, timers);
  return success(new EscPosPrinter({ transport, profile, timers }));
}
