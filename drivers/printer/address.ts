// Owns how a printer's address is written down.
import { failure, type Result, success } from '#drivers/result.ts';

export type PrinterAddress =
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | { readonly type: 'serial'; readonly path: string; readonly baudRate: number };

export interface AddressError {
  readonly code: 'address-invalid';
  readonly detail: string;
}

const DEFAULT_PORT = 9100;
const DEFAULT_BAUD_RATE = 19200;
const BAUD_RATE_MAX = 921_600;

/**
 * `tcp://host:port` (port 9100 when left out; IPv6 in brackets) or
 * `serial:/dev/ttyUSB0?baud=19200`, `serial:COM3` (19200 baud when left out).
 */
export function parsePrinterAddress(address: string): Result<PrinterAddress, AddressError> {
  const tcp = /^tcp:\/\/(?:\[([0-9a-fA-F:.%\w]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?\/?$/.exec(
    address,
  );
  if (tcp !== null) {
    const port = tcp[3] === undefined ? DEFAULT_PORT : Number(tcp[3]);
    if (port < 1 || port > 65_535) return invalid(`port ${port} is not between 1 and 65535`);
    return success({ type: 'tcp', host: tcp[1] ?? tcp[2] ?? '', port });
  }
  const serial = /^serial:(\/[^?\s]+|COM[0-9]{1,3})(?:\?baud=([0-9]{1,7}))?$/.exec(address);
  if (serial !== null) {
    const baudRate = serial[2] === undefined ? DEFAULT_BAUD_RATE : Number(serial[2]);
    if (baudRate < 300 || baudRate > BAUD_RATE_MAX) {
      return invalid(`baud ${baudRate} is not between 300 and ${BAUD_RATE_MAX}`);
    }
    return success({ type: 'serial', path: serial[1] ?? '', baudRate });
  }
  return invalid(`${address} is neither tcp://host:port nor serial:/dev/ttyUSB0?baud=19200`);
}

function invalid(detail: string): Result<PrinterAddress, AddressError> {
  return failure({ code: 'address-invalid', detail });
}
