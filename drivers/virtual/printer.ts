// Owns a receipt printer without hardware: the demo's, and the one that tests faults.
import { assert } from '#drivers/assert.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { type Result, success } from '#drivers/result.ts';
import { cutSheets, type Paper, paperText } from '#drivers/virtual/paper.ts';
import { paperSvg } from '#drivers/virtual/paperSvg.ts';
import { type EngineEvent, PrinterEngine } from '#drivers/virtual/printerEngine.ts';
import type { PrinterFaults } from '#drivers/virtual/printerFaults.ts';
import {
  openPrinterLine,
  type PrinterLine,
  type PrinterLineFlow,
} from '#drivers/virtual/printerLine.ts';
import { PrinterServer } from '#drivers/virtual/printerServer.ts';
import type { PrinterConditions } from '#drivers/virtual/printerStatus.ts';
import type { PtyFault } from '#drivers/virtual/ptyPair.ts';

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
  | EngineEvent
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' };

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
  readonly #engine: PrinterEngine;
  readonly #server: PrinterServer;
  readonly #listeners = new Set<(event: VirtualPrinterEvent) => void>();
  #line: PrinterLine | null = null;
  #drawerPulses = 0;

  constructor(options: VirtualPrinterOptions) {
    const profile = printerProfileById(options.profileId ?? 'epson-80');
    assert(profile !== null, `no printer profile is named ${options.profileId}`);
    const { linesPerSecond, bytesPerSecond } = options;
    const receiveBufferBytes = options.receiveBufferBytes ?? 4096;
    this.#engine = new PrinterEngine(
      { ...options, profile, receiveBufferBytes, linesPerSecond, bytesPerSecond },
      (event) => this.#emit(event),
    );
    this.#server = new PrinterServer({
      secondConnection: options.secondConnection ?? 'queued',
      onConnected: (wire) => {
        this.#engine.attach(wire);
        this.#emit({ type: 'connected' });
      },
      onDisconnected: () => {
        this.#engine.attach(null);
        this.#emit({ type: 'disconnected' });
      },
      onData: (chunk) => this.#engine.receive(chunk),
    });
  }

  get port(): number {
    return this.#server.port;
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  /** Pulses that reached the drawer connector. */
  get drawerPulses(): number {
    return this.#drawerPulses;
  }

  get conditions(): PrinterConditions {
    return this.#engine.conditions;
  }

  get isOff(): boolean {
    return this.#engine.isOff;
  }

  listen(port: number): Promise<void> {
    return this.#server.listen(port);
  }

  /**
   * Makes a serial line to this printer too, which a till opens at `path`; nothing may be there
   * yet. The network socket is not to be used any more.
   */
  async openLine(
    path: string,
    flow: PrinterLineFlow,
  ): Promise<Result<{ readonly path: string }, PtyFault>> {
    const opened = await openPrinterLine(path, flow, (chunk) => this.#engine.receive(chunk));
    if (!opened.ok) return opened;
    this.#line = opened.value;
    this.#engine.attach(opened.value.wire);
    return success({ path });
  }

  onEvent(listener: (event: VirtualPrinterEvent) => void): void {
    this.#listeners.add(listener);
  }

  paper(): Paper {
    return this.#engine.paper();
  }

  /** Everything printed so far, cut or not. */
  paperText(): string {
    return paperText(this.paper());
  }

  /** The text of each sheet that was cut off, oldest first. */
  papers(): string[] {
    return cutSheets(this.paper()).map(paperText);
  }

  paperSvg(): string {
    return paperSvg(this.paper());
  }

  async paperPng(): Promise<Uint8Array> {
    const { paperPng } = await import('#drivers/virtual/paperPng.ts');
    return paperPng(this.paper());
  }

  /** Opens the cover, takes paper out, arms a fault; and the other way round. */
  set(change: Partial<PrinterConditions & PrinterFaults>): void {
    this.#engine.set(change);
  }

  /** Everything not on paper is gone, and so are the connections; nobody gets through. */
  powerOff(): void {
    this.#engine.powerOff();
  }

  powerOn(): void {
    this.#engine.powerOn();
  }

  powerCycle(): void {
    this.powerOff();
    this.powerOn();
  }

  async close(): Promise<void> {
    this.#engine.stop();
    await this.#line?.close();
    await this.#server.close();
  }

  #emit(event: VirtualPrinterEvent): void {
    if (event.type === 'drawer') this.#drawerPulses += 1;
    if (event.type === 'powerOff') this.#server.reset(true);
    if (event.type === 'powerOn') this.#server.reset(false);
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}
