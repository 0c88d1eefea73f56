// Owns which drivers exist: the only place that makes a device of what was configured.
import type { Scanner } from '#drivers/scanner/scanner.ts';
import { createSerialScanner, type SerialScannerSettings } from '#drivers/scanner/serial.ts';
import { systemPorts } from '#drivers/scanner/serialPorts.ts';

/** A scanner on this computer's serial ports; it opens once claimed. */
export function openScanner(settings: SerialScannerSettings): Scanner {
  return createSerialScanner(settings, systemPorts);
}
