// Owns the virtual printer's end of a serial line: a pseudo-terminal that a till opens as a port.
import { SerialPort } from 'serialport';
import { failure, type Result, success } from '#drivers/result.ts';
import type { PrinterWire } from '#drivers/virtual/printerEngine.ts';
import { openPtyPair, type PtyFault } from '#drivers/virtual/ptyPair.ts';

const XON = 0x11;
const XOFF = 0x13;
const BAUD_RATE = 19_200;

export interface PrinterLine {
  readonly wire: PrinterWire;
  /** What the till opens, such as a link to `/dev/pts/3`. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Joins a till's port at `path` to the printer. With `hasFlowControl`, XOFF says that the buffer
 * is full and XON that there is room again, as printers do on lines without RTS and CTS.
 */
export async function openPrinterLine(
  path: string,
  hasFlowControl: boolean,
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
    send(bytes) {
      if (port.isOpen) port.write(bytes);
    },
    setReading(wanted) {
      if (wanted === isReading) return;
      isReading = wanted;
      if (hasFlowControl && port.isOpen) port.write(Uint8Array.of(wanted ? XON : XOFF));
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
