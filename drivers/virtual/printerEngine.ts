// Owns the inside of the virtual printer: buffer, parser and answers, whatever the wire.
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';
import { systemTimers } from '#drivers/timers.ts';
import { nextToken, type PrinterToken } from '#drivers/virtual/commands.ts';
import type { Paper } from '#drivers/virtual/paper.ts';
import { noFaults, type PrinterFaults } from '#drivers/virtual/printerFaults.ts';
import { createPrintHead, type HeadEvent, type PrintHead } from '#drivers/virtual/printerHead.ts';
import { createRealTimeScanner, type RealTimeCommand } from '#drivers/virtual/printerRealTime.ts';
import {
  automaticStatus,
  goodConditions,
  isStopped,
  mergeConditions,
  offlineResponse,
  type PrinterConditions,
  paperSensor,
  realTimeStatus,
  watchedBits,
} from '#drivers/virtual/printerStatus.ts';

export interface EngineOptions extends Partial<PrinterFaults> {
  readonly profile: PrinterProfile;
  /** When the buffer is full, nothing more is read. */
  readonly receiveBufferBytes: number;
  /** Speed of paper; as fast as it can when absent. */
  readonly linesPerSecond: number | undefined;
  /** Speed of the line behind the buffer; no limit when absent. */
  readonly bytesPerSecond: number | undefined;
}

export type EngineEvent =
  | HeadEvent
  | { readonly type: 'stopped' }
  | { readonly type: 'cleared' }
  | { readonly type: 'overrun'; readonly lostBytes: number }
  | { readonly type: 'powerOff' }
  | { readonly type: 'powerOn' }
  | { readonly type: 'processId'; readonly id: string };

/** The way back to whoever is connected. */
export interface PrinterWire {
  /** How much may come while nothing is read; what comes then is lost. */
  readonly marginBytes: number;
  send(bytes: Uint8Array): void;
  /** While false, no more bytes come: the window closes, or XOFF is sent. */
  setReading(isReading: boolean): void;
  drop(how: 'fin' | 'reset'): void;
}

/** A shorter wait would cost more than it waits. */
const PAUSE_MS_MIN = 2;
/** GS I 1 to 3: model, type and ROM version as one byte each. */
const idBytes: Readonly<Record<number, number>> = { 1: 0x20, 2: 0x02, 3: 0x01 };

export class PrinterEngine {
  readonly #head: PrintHead;
  readonly #profile: PrinterProfile;
  readonly #bufferBytes: number;
  readonly #lineMs: number;
  readonly #byteMs: number;
  readonly #onEvent: (event: EngineEvent) => void;
  #wire: PrinterWire | null = null;
  /** Read from the wire, not yet in the receive buffer: the network's own memory. */
  #waiting: number[] = [];
  #buffer: number[] = [];
  /** A command begun, in the parser's hands: a picture may be larger than the buffer. */
  #begun: number[] = [];
  #scan = createRealTimeScanner((command) => this.#obeyNow(command));
  #faults: PrinterFaults;
  #conditions = goodConditions;
  #automaticMask = 0;
  /** GS ( H function 49: 0 off, 1 without and 2 with the cause. */
  #offlineMode = 0;
  #lateAnswer = 0x12;
  #lineCount = 0;
  #parsedBytes = 0;
  #receivedBytes = 0;
  #isPaused: boolean = false;
  #isOff: boolean = false;
  /** Time that what was parsed took on a real printer, not yet waited for. */
  #owedMs = 0;
  #cancelPause: () => void = () => undefined;

  constructor(options: EngineOptions, onEvent: (event: EngineEvent) => void) {
    this.#profile = options.profile;
    this.#faults = { ...noFaults, ...options };
    this.#bufferBytes = options.receiveBufferBytes;
    this.#lineMs = options.linesPerSecond === undefined ? 0 : 1000 / options.linesPerSecond;
    this.#byteMs = options.bytesPerSecond === undefined ? 0 : 1000 / options.bytesPerSecond;
    this.#onEvent = onEvent;
    this.#head = createPrintHead({
      widthDots: options.profile.widthDots,
      pages: options.profile.pages,
      onEvent: (event) => this.#onHead(event),
    });
  }

  get conditions(): PrinterConditions {
    return this.#conditions;
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  paper(): Paper {
    return this.#head.paper();
  }

  /** A new session, or none: nobody hears of automatic status any more. */
  attach(wire: PrinterWire | null): void {
    this.#wire = wire;
    this.#automaticMask = 0;
    this.#offlineMode = 0;
    if (wire !== null) this.#scan = createRealTimeScanner((command) => this.#obeyNow(command));
  }

  receive(chunk: Uint8Array): void {
    if (this.#isOff) return;
    const drop = this.#faults.dropAfterBytes;
    const room = drop === null ? chunk.length : Math.max(0, drop.count - this.#receivedBytes);
    this.#receivedBytes += chunk.length;
    for (const byte of chunk.subarray(0, room)) this.#waiting.push(byte);
    if (drop !== null && room < chunk.length) {
      this.#faults = { ...this.#faults, dropAfterBytes: null };
      this.#wire?.drop(drop.how);
    }
    if (this.#faults.stallMs > 0) {
      const { stallMs } = this.#faults;
      this.#faults = { ...this.#faults, stallMs: 0 };
      this.#pause(stallMs);
    }
    this.#run();
  }

  set(change: Partial<PrinterConditions & PrinterFaults>): void {
    this.#faults = { ...this.#faults, ...change };
    // Each is counted from when it is armed.
    if ('dropAfterBytes' in change) this.#receivedBytes = 0;
    if ('coverOpenAtByte' in change) this.#parsedBytes = 0;
    if ('paperEndAtLine' in change || 'powerCutAtLine' in change) this.#lineCount = 0;
    this.#setConditions(mergeConditions(this.#conditions, change));
    this.#run();
  }

  /** Everything not on paper is gone; the paper, the cover and the roll stay as they are. */
  powerOff(): void {
    this.#isOff = true;
    this.#cancelPause();
    this.#isPaused = false;
    this.#clearBuffer();
    this.#head.reset();
    this.#automaticMask = 0;
    this.#offlineMode = 0;
    this.#conditions = mergeConditions(this.#conditions, {
      hasCutterError: false,
      hasUnrecoverableError: false,
      isHeadHot: false,
    });
    this.#onEvent({ type: 'powerOff' });
  }

  powerOn(): void {
    this.#isOff = false;
    this.#onEvent({ type: 'powerOn' });
  }

  stop(): void {
    this.#cancelPause();
    this.#isPaused = true;
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
    if (this.#wire === null) return;
    this.#wire.setReading(this.#waiting.length === 0);
    const lost = this.#waiting.splice(this.#wire.marginBytes);
    if (lost.length > 0) this.#onEvent({ type: 'overrun', lostBytes: lost.length });
  }

  #run(): void {
    this.#fill();
    while (!this.#isPaused && !isStopped(this.#conditions)) {
      const token = this.#takeToken();
      if (token === null) return;
      const length = token.type === 'text' ? 1 : token.bytes.length;
      this.#parsedBytes += length;
      const linesBefore = this.#lineCount;
      this.#parse(token);
      this.#fill();
      this.#openCoverInTime();
      const lines = this.#lineCount - linesBefore;
      this.#owedMs += lines * this.#lineMs + length * this.#byteMs;
      if (this.#owedMs < PAUSE_MS_MIN) continue;
      this.#pause(this.#owedMs);
      this.#owedMs = 0;
    }
  }

  #takeToken(): PrinterToken | null {
    for (;;) {
      const hasBegun = this.#begun.length > 0;
      const bytes = hasBegun ? [...this.#begun, ...this.#buffer] : this.#buffer;
      const found = nextToken(bytes, 0);
      if (found !== null) {
        const token = this.#known(found);
        const length = token.type === 'text' ? 1 : token.bytes.length;
        const fromBuffer = Math.max(0, length - this.#begun.length);
        this.#begun.splice(0, length);
        this.#buffer.splice(0, fromBuffer);
        return token;
      }
      if (this.#buffer.length === 0) return null;
      this.#begun.push(...this.#buffer.splice(0));
      this.#fill();
    }
  }

  #known(token: PrinterToken): PrinterToken {
    const isKnown = token.type !== 'command' || !this.#faults.unknownCommands.includes(token.name);
    return isKnown ? token : { type: 'unknown', bytes: token.bytes.slice(0, 2) };
  }

  #openCoverInTime(): void {
    const opensAt = this.#faults.coverOpenAtByte;
    if (opensAt === null || this.#parsedBytes < opensAt) return;
    this.#faults = { ...this.#faults, coverOpenAtByte: null };
    this.#setConditions({ ...this.#conditions, isCoverOpen: true });
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
    this.#answer(name, bytes, bytes[2] ?? 0);
  }

  #answer(name: string, bytes: readonly number[], argument: number): void {
    if (name === 'ESC @') {
      // Whether ESC @ switches automatic status off differs by printer: the worst case here.
      this.#automaticMask = 0;
    } else if (name === 'GS a') {
      this.#automaticMask = argument;
      this.#pushStatus();
    } else if (name === 'GS r' && !this.#faults.hasNoPaperSensor) {
      if (argument % 48 === 1) this.#reply([paperSensor(this.#conditions)]);
      if (argument % 48 === 2) this.#reply([this.#conditions.isDrawerPinHigh ? 1 : 0]);
    } else if (name === 'GS I') {
      this.#answerIdentity(argument);
    } else if (name === 'GS (' && argument === 0x48 && !this.#faults.hasNoProcessId) {
      this.#answerResponse(bytes);
    }
  }

  #answerIdentity(which: number): void {
    const byte = idBytes[which % 48];
    const texts = { 65: '1.00', 66: 'VIRTUAL', 67: this.#profile.profileId, 68: 'V0000001' };
    const text = Object.entries(texts).find(([number]) => Number(number) === which)?.[1];
    if (text !== undefined) this.#reply([0x5f, ...Buffer.from(text, 'latin1'), 0x00]);
    else if (byte !== undefined) this.#reply([byte]);
  }

  /** GS ( H: an id that is told once everything before it is on paper, or the offline response. */
  #answerResponse(bytes: readonly number[]): void {
    if (bytes[5] === 0x31) {
      this.#offlineMode = (bytes[7] ?? 0) % 48;
      return;
    }
    const id = bytes.slice(7, 11);
    this.#onEvent({ type: 'processId', id: String.fromCharCode(...id) });
    this.#reply([0x37, 0x22, ...id, 0x00]);
  }

  #onHead(event: HeadEvent): void {
    this.#onEvent(event);
    if (event.type !== 'line') return;
    this.#lineCount += 1;
    const { paperEndAtLine, powerCutAtLine } = this.#faults;
    if (powerCutAtLine !== null && this.#lineCount >= powerCutAtLine) {
      this.#faults = { ...this.#faults, powerCutAtLine: null };
      this.powerOff();
      this.powerOn();
    }
    if (paperEndAtLine === null || this.#lineCount < paperEndAtLine) return;
    this.#faults = { ...this.#faults, paperEndAtLine: null };
    this.#setConditions({ ...this.#conditions, isPaperOut: true });
  }

  #setConditions(next: PrinterConditions): void {
    const before = this.#conditions;
    this.#conditions = next;
    if (watchedBits(this.#automaticMask, before) !== watchedBits(this.#automaticMask, next)) {
      this.#pushStatus();
    }
    const stopsNow = isStopped(next) && JSON.stringify(before) !== JSON.stringify(next);
    if (!stopsNow) return;
    const isNew = !isStopped(before);
    if (isNew && this.#offlineMode > 0) this.#reply(offlineResponse(next, this.#offlineMode === 2));
    this.#onEvent({ type: 'stopped' });
  }

  #pushStatus(): void {
    if (this.#automaticMask === 0) return;
    const [first, ...rest] = automaticStatus(this.#conditions);
    this.#reply(this.#faults.hasXoffNoise ? [first, 0x13, 0x11, ...rest] : [first, ...rest]);
  }

  #obeyNow(command: RealTimeCommand): void {
    if (command.type === 'status') {
      this.#answerRealTime(command.query);
    } else if (command.type === 'pulse') {
      this.#onEvent({ type: 'drawer', onMs: command.onMs });
    } else if (command.type === 'powerOff') {
      this.#reply([0x3b, 0x30, 0x00]);
      this.powerOff();
    } else {
      if (command.isClearing) this.#clearBuffer();
      this.#setConditions({ ...this.#conditions, hasCutterError: false });
      if (command.type === 'clear') this.#reply([0x37, 0x25, 0x00]);
    }
  }

  #answerRealTime(query: 1 | 2 | 3 | 4): void {
    if (this.#faults.hasNoRealTime) return;
    const answer = realTimeStatus(query, this.#conditions);
    const sent = this.#faults.isLate ? this.#lateAnswer : answer;
    this.#lateAnswer = answer;
    const { unaskedAnswers } = this.#faults;
    if (unaskedAnswers > 0) {
      this.#faults = { ...this.#faults, unaskedAnswers: unaskedAnswers - 1 };
      this.#reply([0x12]);
    }
    this.#reply([sent]);
  }

  #clearBuffer(): void {
    this.#buffer = [];
    this.#begun = [];
    this.#waiting = [];
    this.#onEvent({ type: 'cleared' });
  }

  #reply(bytes: readonly number[]): void {
    if (this.#faults.isSilent || this.#isOff) return;
    const packets = this.#faults.splitsReplies ? bytes.map((byte) => [byte]) : [bytes];
    for (const packet of packets) this.#wire?.send(Uint8Array.from(packet));
  }
}
