// Owns the virtual printer's end of a serial line: a pseudo-terminal that a till opens as a port.
import { SerialPort } from 'serialport';
import { failure, type Result, success } from '#drivers/result.ts';
import type { PrinterWire } from '#drivers/virtual/printerEngine.ts';
import { openPtyPair, type PtyFault } from '#drivers/virtual/ptyPair.ts';

const XON = 0x11;
const XOFF = 0x13;
const BAUD_RATE = 19_200;
/**
 * For what is on its way when XOFF leaves. A UART has some bytes under way; two pseudo-terminals
 * keep about 12 kB, and hand them over at once after socat stood still.
 */
const ROOM_AFTER_XOFF_BYTES = 16_384;

/**
 * How the till is held while the buffer is full. `rts-cts`: by the line itself, which is not read
 * (a pseudo-terminal has no such wires). `xon-xoff`: by XOFF, until XON says that there is room
 * again; what a till sends all the same is lost. `none`: nobody is told, and what comes is lost.
 */
export type PrinterLineFlow = 'rts-cts' | 'xon-xoff' | 'none';

const marginBytes: Readonly<Record<PrinterLineFlow, number>> = {
  'rts-cts': Number.POSITIVE_INFINITY,
  'xon-xoff': ROOM_AFTER_XOFF_BYTES,
  none: 0,
};

export interface PrinterLine {
  readonly wire: PrinterWire;
  /** What the till opens, such as a link to `/dev/pts/3`. */
  readonly path: string;
  close(): Promise<void>;
}

/** Joins a till's port at `path` to the printer. */
export async function openPrinterLine(
  path: string,
  flow: PrinterLineFlow,
  onData: (chunk: Uint8Array) => void,
): Promise<Result<PrinterLine, PtyFault>> {
  const pair = await openPtyPair(path, `${path}-printer`);
  if (!pair.ok) return pair;
  const port = new SerialPort({
    path: pair.value.farPath,
    baudRate: BAUD_RATE,
    autoOpen: false,
    hupcl: false,
  });
  const error = await new Promise<Error | null>((resolve) => port.open(resolve));
  if (error !== null) {
    await pair.value.close();
    return failure({ code: 'socat-failed', detail: error.message });
  }
  port.on('error', () => undefined);
  port.on('data', onData);
  let isReading = true;
  const wire: PrinterWire = {
    marginBytes: marginBytes[flow],
    send(bytes) {
      if (port.isOpen) port.write(bytes);
    },
    setReading(wanted) {
      if (wanted === isReading) return;
      isReading = wanted;
      if (flow === 'xon-xoff' && port.isOpen) port.write(Uint8Array.of(wanted ? XON : XOFF));
      if (flow !== 'rts-cts') return;
      if (wanted) port.resume();
      else port.pause();
    },
    // A serial line has no connection that could end.
    drop: () => undefined,
  };
  return success({
    wire,
    path,
    async close() {
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
      await pair.value.close();
    },
  });
}
