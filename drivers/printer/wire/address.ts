// Owns how a printer's address is written down.
import type { DeviceAddress } from '#drivers/configuration.ts';
import { type ParsedAddress, parseAddress } from '#drivers/deviceAddress.ts';
import { failure, type Result, success } from '#drivers/result.ts';

/** How a printer says that its buffer is full: by a byte, or by a wire that the cable must have. */
export type LineFlow = 'xon-xoff' | 'rts-cts';

export interface SerialLine {
  readonly address: DeviceAddress;
  readonly baudRate: number;
  readonly flow: LineFlow;
}

export type PrinterAddress =
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | ({ readonly type: 'serial' } & SerialLine)
  /** Linux's usblp. */
  | { readonly type: 'usb'; readonly place: ParsedAddress }
  /** Windows' usbprint. */
  | { readonly type: 'usbprint'; readonly place: ParsedAddress }
  /** The printer's name in the system's own list. */
  | { readonly type: 'spooler'; readonly queue: string }
  /** A CommonJS module with an adapter for the npm package `escpos`. */
  | { readonly type: 'escpos'; readonly path: string };

export interface AddressError {
  readonly code: 'address-invalid';
  readonly detail: string;
}

type Parsed = Result<PrinterAddress, AddressError>;

const DEFAULT_PORT = 9100;
const DEFAULT_BAUD_RATE = 19200;
const BAUD_RATE_MIN = 300;
const BAUD_RATE_MAX = 921_600;

/** One example a kind: what the error says when none fits. */
const examples = [
  'tcp://192.0.2.7:9100',
  'serial:/dev/ttyUSB0?baud=19200',
  'usb:04b8:0e15:SERIAL',
  'usbprint:04b8:0e15',
  'spooler:NAME',
  'escpos:/path/to/adapter.cjs',
].join(', ');

/**
 * - `tcp://host:port`: port 9100 when left out; IPv6 in brackets.
 * - `serial:` a path (`/dev/ttyUSB0`, `COM3`) or a USB identity (`usb:0403:6001:SERIAL`), then
 *   `?baud=19200`, which is what holds when it is left out (300 to 921600). The printer holds the
 *   till by XON/XOFF; `flow=rts-cts` is for one that is set to hold it by its lines
 *   (`?baud=19200&flow=rts-cts`).
 * - `usb:VVVV:PPPP`, with `:SERIAL` or `@PLACE` behind it where a till has two of a model, or
 *   `usb:/dev/usb/lp0` for a node that never changes.
 * - `usbprint:` with the same identity, or with a device path (`\\?\usb#…`).
 * - `spooler:NAME`: the name of a queue or printer as the system lists it.
 * - `escpos:/path/to/adapter.cjs`.
 */
export function parsePrinterAddress(address: string): Parsed {
  const [kind = ''] = /^[a-z]+(?=:)/.exec(address) ?? [];
  const parse = parsers.get(kind);
  if (parse !== undefined) return parse(address.slice(kind.length + 1));
  return invalid(`"${address}" is no printer's address; it looks like one of ${examples}`);
}

const parsers: ReadonlyMap<string, (rest: string) => Parsed> = new Map([
  ['tcp', parseTcp],
  ['serial', parseSerial],
  ['usb', (rest: string) => parseUsb('usb', rest, /^\/[^\s]+$/)],
  ['usbprint', (rest: string) => parseUsb('usbprint', rest, /^\\\\[?.]\\usb#[^\s]+$/i)],
  ['spooler', parseSpooler],
  ['escpos', parseBridge],
]);

/** The serial port that a printer's or a display's address means; null for another way. */
export function serialPortOf(address: string): DeviceAddress | null {
  const parsed = parsePrinterAddress(address);
  return parsed.ok && parsed.value.type === 'serial' ? parsed.value.address : null;
}

function parseSpooler(rest: string): Parsed {
  return /^[^\p{Cc}]{1,220}$/u.test(rest)
    ? success({ type: 'spooler', queue: rest })
    : invalid('spooler: wants the name of a printer, such as spooler:Receipts');
}

function parseBridge(rest: string): Parsed {
  // `//server/share` would run another computer's code.
  return /^(\/(?![\\/])|[A-Za-z]:[\\/]).*\.c?js$/.test(rest)
    ? success({ type: 'escpos', path: rest })
    : invalid('escpos: wants the whole path of a .cjs or .js file');
}

function parseTcp(rest: string): Parsed {
  const host = /^\/\/(?:\[([0-9a-fA-F:.%\w]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?\/?$/;
  const match = host.exec(rest);
  if (match === null) return invalid(`tcp:${rest} is not like tcp://192.0.2.7:9100`);
  const port = match[3] === undefined ? DEFAULT_PORT : Number(match[3]);
  if (port < 1 || port > 65_535) return invalid(`port ${port} is not between 1 and 65535`);
  return success({ type: 'tcp', host: match[1] ?? match[2] ?? '', port });
}

function parseSerial(rest: string): Parsed {
  const match = /^(\/[^?\s]+|COM[0-9]{1,3}|usb:[^?]+)(?:\?([a-z]+=[^?]+))?$/.exec(rest);
  const address = match?.[1] ?? '';
  const isIdentityOrPath = !address.startsWith('usb:') || parseAddress(address).type === 'usb';
  const wishes = new URLSearchParams(match?.[2]);
  const baud = wishes.get('baud') ?? String(DEFAULT_BAUD_RATE);
  const flow = wishes.get('flow') ?? 'xon-xoff';
  const areKnown = [...wishes.keys()].every((name) => name === 'baud' || name === 'flow');
  if (match === null || !isIdentityOrPath || !areKnown || !/^[0-9]{1,7}$/.test(baud)) {
    return invalid(`serial:${rest} is not like serial:/dev/ttyUSB0?baud=19200`);
  }
  const baudRate = Number(baud);
  if (baudRate < BAUD_RATE_MIN || baudRate > BAUD_RATE_MAX) {
    return invalid(`baud ${baudRate} is not between ${BAUD_RATE_MIN} and ${BAUD_RATE_MAX}`);
  }
  if (flow !== 'xon-xoff' && flow !== 'rts-cts') {
    return invalid(`flow ${flow} is neither xon-xoff nor rts-cts`);
  }
  return success({ type: 'serial', address, baudRate, flow });
}

function parseUsb(type: 'usb' | 'usbprint', rest: string, nodes: RegExp): Parsed {
  if (nodes.test(rest)) return success({ type, place: { type: 'path', path: rest } });
  const place = parseAddress(`usb:${rest}`);
  return place.type === 'usb'
    ? success({ type, place })
    : invalid(`${type}:${rest} is not like ${type}:04b8:0e15, four digits each of 0-9 and a-f`);
}

function invalid(detail: string): Parsed {
  return failure({ code: 'address-invalid', detail });
}
