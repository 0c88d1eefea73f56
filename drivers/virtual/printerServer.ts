// Owns the virtual printer's network socket: one till is served, the others wait or are refused.
import net from 'node:net';
import type { PrinterWire } from '#drivers/virtual/printerEngine.ts';

export interface PrinterServerOptions {
  readonly secondConnection: 'queued' | 'refused';
  /** A till is served from now on. */
  readonly onConnected: (wire: PrinterWire) => void;
  readonly onDisconnected: () => void;
  readonly onData: (chunk: Uint8Array) => void;
}

export class PrinterServer {
  readonly #options: PrinterServerOptions;
  readonly #server: net.Server;
  readonly #sockets: net.Socket[] = [];
  #isRefusing: boolean = false;
  #port = 0;

  constructor(options: PrinterServerOptions) {
    this.#options = options;
    this.#server = net.createServer((socket) => this.#onConnection(socket));
  }

  get port(): number {
    return this.#port;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        resolve();
      });
    });
  }

  /** Cuts everybody off; while `isRefusing`, nobody new is let in. */
  reset(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
    for (const socket of [...this.#sockets]) socket.resetAndDestroy();
  }

  close(): Promise<void> {
    for (const socket of [...this.#sockets]) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #onConnection(socket: net.Socket): void {
    socket.on('error', () => undefined);
    const isSecond = this.#sockets.length > 0 && this.#options.secondConnection === 'refused';
    if (isSecond || this.#isRefusing) {
      socket.resetAndDestroy();
      return;
    }
    this.#sockets.push(socket);
    socket.setNoDelay(true);
    socket.on('close', () => {
      const wasActive = this.#sockets[0] === socket;
      this.#sockets.splice(this.#sockets.indexOf(socket), 1);
      if (!wasActive) return;
      this.#options.onDisconnected();
      this.#activate();
    });
    if (this.#sockets.length === 1) this.#activate();
  }

  /** The others of the queue are connected, but nobody reads them yet. */
  #activate(): void {
    const socket = this.#sockets[0];
    if (socket === undefined) return;
    this.#options.onConnected({
      marginBytes: Number.POSITIVE_INFINITY,
      send(bytes) {
        if (socket.writable) socket.write(bytes);
      },
      setReading(isReading) {
        if (isReading) socket.resume();
        else socket.pause();
      },
      drop(how) {
        if (how === 'reset') socket.resetAndDestroy();
        else socket.end();
      },
    });
    socket.on('data', (chunk) => this.#options.onData(chunk));
  }
}
