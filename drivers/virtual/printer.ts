// Owns a receipt printer without hardware: the demo's, and the one that tests faults.
import net from 'node:net';
import { assert } from '#drivers/assert.ts';
import { printerProfileById } from '#drivers/printer/profiles.ts';
import { systemTimers } from '#drivers/timers.ts';
import { nextToken, type PrinterToken } from '#drivers/virtual/commands.ts';
import { cutSheets, paperText } from '#drivers/virtual/paper.ts';
import { paperSvg } from '#drivers/virtual/paperSvg.ts';
import { createPrintHead, type HeadEvent, type PrintHead } from '#drivers/virtual/printerHead.ts';
import { createRealTimeScanner, type RealTimeCommand } from '#drivers/virtual/printerRealTime.ts';
import {
  automaticStatus,
  isStopped,
  type PrinterConditions,
  paperSensor,
  realTimeStatus,
} from '#drivers/virtual/printerStatus.ts';

/** What a test can do to the printer; each may be set at any moment. */
export interface PrinterFaults {
  /** Paper ends once this many lines were printed. */
  readonly paperEndAtLine: number | null;
  /** The cover opens once this many bytes were parsed. */
  readonly coverOpenAtByte: number | null;
  /** The next cut jams. */
  readonly isCutterJamming: boolean;
  /** The connection ends after this many more bytes; what was received still prints. */
  readonly dropAfterBytes: { readonly count: number; readonly how: 'fin' | 'reset' } | null;
  /** The parser waits this long when the next bytes come. */
  readonly stallMs: number;
  /** Answers nothing at all. */
  readonly isSilent: boolean;
  /** Answers each real-time question with the answer to the one before. */
  readonly isLate: boolean;
  readonly hasNoProcessId: boolean;
  /** One byte a packet. */
  readonly splitsReplies: boolean;
  /** XOFF and XON inside automatic status. */
  readonly hasXoffNoise: boolean;
}

export interface VirtualPrinterOptions extends Partial<PrinterFaults> {
  /** A free one when 0 or absent. */
  readonly port?: number;
  /** Of drivers/printer/profiles; `epson-80` when absent. */
  readonly profileId?: string;
  /** When the buffer is full, nothing more is read; 4096 when absent. */
  readonly receiveBufferBytes?: number;
  /** Speed of paper; as fast as it can when absent. */
  readonly linesPerSecond?: number;
  /** Speed of the line behind the buffer, such as 1,920 for 19,200 baud; no limit when absent. */
  readonly bytesPerSecond?: number;
  /** What a second connection meets; queued when absent. */
  readonly secondConnection?: 'queued' | 'refused';
}

export type VirtualPrinterEvent =
  | HeadEvent
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'stopped' }
  | { readonly type: 'cleared' }
  | { readonly type: 'processId'; readonly id: string };

const noFaults: PrinterFaults = {
  paperEndAtLine: null,
  coverOpenAtByte: null,
  isCutterJamming: false,
  dropAfterBytes: null,
  stallMs: 0,
  isSilent: false,
  isLate: false,
  hasNoProcessId: false,
  splitsReplies: false,
  hasXoffNoise: false,
};
const goodConditions: PrinterConditions = {
  isCoverOpen: false,
  isPaperOut: false,
  isPaperNearEnd: false,
  hasCutterError: false,
};

/** A shorter wait would cost more than it waits. */
const PAUSE_MS_MIN = 2;

/** Listens on 127.0.0.1; fails (rejects) only when the port is taken. */
export async function startVirtualPrinter(
  options: VirtualPrinterOptions = {},
): Promise<VirtualPrinter> {
  const printer = new VirtualPrinter(options);
  await printer.listen(options.port ?? 0);
  return printer;
}

export class VirtualPrinter {
  readonly events: VirtualPrinterEvent[] = [];
  readonly #server: net.Server;
  readonly #head: PrintHead;
  readonly #bufferBytes: number;
  readonly #lineMs: number;
  readonly #byteMs: number;
  readonly #secondConnection: 'queued' | 'refused';
  readonly #listeners = new Set<(event: VirtualPrinterEvent) => void>();
  readonly #sockets: net.Socket[] = [];
  /** Read from the socket, not yet in the receive buffer: the network's own memory. */
  #waiting: number[] = [];
  #buffer: number[] = [];
  #scan = createRealTimeScanner((command) => this.#obeyNow(command));
  #faults: PrinterFaults;
  #conditions = goodConditions;
  #automaticMask = 0;
  #lateAnswer = 0x12;
  #lineCount = 0;
  #parsedBytes = 0;
  #receivedBytes = 0;
  #drawerPulses = 0;
  #isPaused: boolean = false;
  /** Time that what was parsed took on a real printer, not yet waited for. */
  #owedMs = 0;
  #cancelPause: () => void = () => undefined;
  #port = 0;

  constructor(options: VirtualPrinterOptions) {
    const profile = printerProfileById(options.profileId ?? 'epson-80');
    assert(profile !== null, `no printer profile is named ${options.profileId}`);
    this.#faults = { ...noFaults, ...options };
    this.#bufferBytes = options.receiveBufferBytes ?? 4096;
    this.#lineMs = options.linesPerSecond === undefined ? 0 : 1000 / options.linesPerSecond;
    this.#byteMs = options.bytesPerSecond === undefined ? 0 : 1000 / options.bytesPerSecond;
    this.#secondConnection = options.secondConnection ?? 'queued';
    this.#head = createPrintHead({
      widthDots: profile.widthDots,
      pages: profile.pages,
      onEvent: (event) => this.#onHead(event),
    });
    this.#server = net.createServer((socket) => this.#onConnection(socket));
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.#port}`;
  }

  /** Pulses that reached the drawer connector. */
  get drawerPulses(): number {
    return this.#drawerPulses;
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

  onEvent(listener: (event: VirtualPrinterEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** Everything printed so far, cut or not. */
  paperText(): string {
    return paperText(this.#head.paper());
  }

  /** The text of each sheet that was cut off, oldest first. */
  papers(): string[] {
    return cutSheets(this.#head.paper()).map(paperText);
  }

  paperSvg(): string {
    return paperSvg(this.#head.paper());
  }

  async paperPng(): Promise<Uint8Array> {
    const { paperPng } = await import('#drivers/virtual/paperPng.ts');
    return paperPng(this.#head.paper());
  }

  /** Opens the cover, takes paper out, arms a fault; and the other way round. */
  set(change: Partial<PrinterConditions & PrinterFaults>): void {
    const { isCoverOpen, isPaperOut, isPaperNearEnd, hasCutterError } = {
      ...this.#conditions,
      ...change,
    };
    this.#faults = { ...this.#faults, ...change };
    if ('dropAfterBytes' in change) this.#receivedBytes = 0;
    this.#setConditions({ isCoverOpen, isPaperOut, isPaperNearEnd, hasCutterError });
    this.#run();
  }

  /** Power off and on: everything not on paper is gone, and so are the connections. */
  powerCycle(): void {
    this.#clearBuffer();
    this.#head.reset();
    this.#automaticMask = 0;
    this.#conditions = { ...this.#conditions, hasCutterError: false };
    for (const socket of [...this.#sockets]) socket.resetAndDestroy();
  }

  close(): Promise<void> {
    this.#cancelPause();
    this.#isPaused = true;
    for (const socket of [...this.#sockets]) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #emit(event: VirtualPrinterEvent): void {
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  #onConnection(socket: net.Socket): void {
    socket.on('error', () => undefined);
    if (this.#sockets.length > 0 && this.#secondConnection === 'refused') {
      socket.destroy();
      return;
    }
    this.#sockets.push(socket);
    socket.setNoDelay(true);
    socket.on('close', () => {
      const wasActive = this.#sockets[0] === socket;
      this.#sockets.splice(this.#sockets.indexOf(socket), 1);
      if (!wasActive) return;
      this.#automaticMask = 0;
      this.#emit({ type: 'disconnected' });
      this.#activate();
    });
    if (this.#sockets.length === 1) this.#activate();
  }

  /** The others of the queue are connected, but nobody reads them yet. */
  #activate(): void {
    const socket = this.#sockets[0];
    if (socket === undefined) return;
    this.#scan = createRealTimeScanner((command) => this.#obeyNow(command));
    this.#emit({ type: 'connected' });
    socket.on('data', (chunk) => this.#receive(socket, chunk));
  }

  #receive(socket: net.Socket, chunk: Uint8Array): void {
    const drop = this.#faults.dropAfterBytes;
    const room = drop === null ? chunk.length : Math.max(0, drop.count - this.#receivedBytes);
    this.#receivedBytes += chunk.length;
    this.#waiting.push(...chunk.subarray(0, room));
    if (drop !== null && room < chunk.length) {
      this.#faults = { ...this.#faults, dropAfterBytes: null };
      if (drop.how === 'reset') socket.resetAndDestroy();
      else socket.end();
    }
    if (this.#faults.stallMs > 0) {
      const { stallMs } = this.#faults;
      this.#faults = { ...this.#faults, stallMs: 0 };
      this.#pause(stallMs);
    }
    this.#run();
  }

  #pause(delayMs: number): void {
    this.#isPaused = true;
    this.#cancelPause = systemTimers.after(delayMs, () => {
      this.#isPaused = false;
      this.#run();
    });
  }

  /** Real-time commands are seen on the way into the buffer, whatever the parser does. */
  #fill(): void {
    const free = this.#bufferBytes - this.#buffer.length;
    for (const byte of this.#waiting.splice(0, free)) {
      this.#buffer.push(byte);
      this.#scan(byte);
    }
    const socket = this.#sockets[0];
    if (this.#waiting.length > 0) socket?.pause();
    else socket?.resume();
  }

  #run(): void {
    this.#fill();
    while (!this.#isPaused && !isStopped(this.#conditions)) {
      const token = nextToken(this.#buffer, 0);
      if (token === null) return;
      const length = token.type === 'text' ? 1 : token.bytes.length;
      this.#buffer.splice(0, length);
      this.#parsedBytes += length;
      const linesBefore = this.#lineCount;
      this.#parse(token);
      this.#fill();
      const opensAt = this.#faults.coverOpenAtByte;
      if (opensAt !== null && this.#parsedBytes >= opensAt) {
        this.#faults = { ...this.#faults, coverOpenAtByte: null };
        this.#setConditions({ ...this.#conditions, isCoverOpen: true });
      }
      const lines = this.#lineCount - linesBefore;
      this.#owedMs += lines * this.#lineMs + length * this.#byteMs;
      if (this.#owedMs < PAUSE_MS_MIN) continue;
      this.#pause(this.#owedMs);
      this.#owedMs = 0;
    }
  }

  #parse(token: PrinterToken): void {
    if (token.type !== 'command') {
      this.#head.accept(token);
      return;
    }
    const { name, bytes } = token;
    if (name === 'GS V' && this.#faults.isCutterJamming) {
      this.#faults = { ...this.#faults, isCutterJamming: false };
      this.#setConditions({ ...this.#conditions, hasCutterError: true });
      return;
    }
    this.#head.accept(token);
    // Whether ESC @ switches automatic status off differs by printer: the worst case here.
    if (name === 'ESC @') this.#automaticMask = 0;
    else if (name === 'GS a') {
      this.#automaticMask = bytes[2] ?? 0;
      this.#pushStatus();
    } else if (name === 'GS r' && ((bytes[2] ?? 0) & 1) === 1) {
      this.#reply([paperSensor(this.#conditions)]);
    } else if (name === 'GS (' && bytes[2] === 0x48 && bytes[5] === 0x30) {
      if (this.#faults.hasNoProcessId) return;
      const id = bytes.slice(7, 11);
      this.#emit({ type: 'processId', id: String.fromCharCode(...id) });
      this.#reply([0x37, 0x22, ...id, 0x00]);
    }
  }

  #onHead(event: HeadEvent): void {
    if (event.type === 'drawer') this.#drawerPulses += 1;
    this.#emit(event);
    if (event.type !== 'line') return;
    this.#lineCount += 1;
    const endsAt = this.#faults.paperEndAtLine;
    if (endsAt === null || this.#lineCount < endsAt) return;
    this.#faults = { ...this.#faults, paperEndAtLine: null };
    this.#setConditions({ ...this.#conditions, isPaperOut: true });
  }

  #setConditions(next: PrinterConditions): void {
    const hasChanged = JSON.stringify(next) !== JSON.stringify(this.#conditions);
    this.#conditions = next;
    if (!hasChanged) return;
    this.#pushStatus();
    if (isStopped(next)) this.#emit({ type: 'stopped' });
  }

  #pushStatus(): void {
    if (this.#automaticMask === 0) return;
    const [first, ...rest] = automaticStatus(this.#conditions);
    this.#reply(this.#faults.hasXoffNoise ? [first, 0x13, 0x11, ...rest] : [first, ...rest]);
  }

  #obeyNow(command: RealTimeCommand): void {
    if (command.type === 'status') {
      const answer = realTimeStatus(command.query, this.#conditions);
      const sent = this.#faults.isLate ? this.#lateAnswer : answer;
      this.#lateAnswer = answer;
      this.#reply([sent]);
    } else if (command.type === 'pulse') {
      this.#drawerPulses += 1;
      this.#emit({ type: 'drawer', onMs: 100 });
    } else {
      if (command.isClearing) this.#clearBuffer();
      this.#setConditions({ ...this.#conditions, hasCutterError: false });
      if (command.type === 'clear') this.#reply([0x37, 0x25, 0x00]);
    }
  }

  #clearBuffer(): void {
    this.#buffer = [];
    this.#waiting = [];
    this.#emit({ type: 'cleared' });
  }

  #reply(bytes: readonly number[]): void {
    const socket = this.#sockets[0];
    if (this.#faults.isSilent || socket === undefined || !socket.writable) return;
    const packets = this.#faults.splitsReplies ? bytes.map((byte) => [byte]) : [bytes];
    for (const packet of packets) socket.write(Uint8Array.from(packet));
  }
}
