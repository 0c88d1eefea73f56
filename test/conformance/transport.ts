// Owns what every way to a printer must do, whatever the wire: the rules of printing rely on it.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import type { DeviceError } from '#drivers/device.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';

/** The other end of the wire, in the test's hand. */
export interface TransportPeer {
  /** Settles once this many bytes came, with all that came since the start. */
  received(count: number): Promise<Uint8Array>;
  /** Null where nothing comes back this way. */
  readonly say: ((bytes: Uint8Array) => void) | null;
  /** Takes no more bytes, as a printer without paper, until `resume`. */
  hold(): void;
  resume(): void;
  /** Goes away without a word; null where that cannot be seen. */
  readonly vanish: (() => Promise<void>) | null;
}

export interface TransportUnderTest {
  readonly transport: Transport;
  readonly peer: TransportPeer;
  /** More than all buffers on the way, so that a printer that holds still is felt. */
  readonly floodBytes: number;
  /** False where the test's own wire ends with the first session. */
  readonly reopens: boolean;
  /** A way to nothing. */
  readonly absent: Transport;
  close(): Promise<void>;
}

/** Long enough that a write which does not wait for the printer has settled. */
const HELD_MS = 300;
/** A busy machine. */
const SLACK_MS = 2000;
const CONNECT_MS = 5000;
const END_MS = 5000;

/** No period of it divides a buffer's size, so that a lost or doubled block shows. */
const period = Uint8Array.from({ length: 7919 }, (_, index) => (index * 7 + (index >> 8)) % 251);
const pattern = (count: number): Uint8Array => Buffer.alloc(count, period);

async function open(transport: Transport): Promise<Connection> {
  const opened = await transport.connect(CONNECT_MS);
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  return opened.value;
}

function heardBy(connection: Connection, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const heard: number[] = [];
    connection.onData((chunk) => {
      heard.push(...chunk);
      if (heard.length >= count) resolve(heard);
    });
  });
}

/** `make` skips the test (by its context) where this way cannot be had. */
export function describeTransport(
  name: string,
  make: (context: TestContext) => Promise<TransportUnderTest>,
): void {
  describe(`transport: ${name}`, () => {
    it('delivers every byte in order and ends in order', async (context) => {
      const { transport, peer, close } = await make(context);
      const connection = await open(transport);
      const bytes = pattern(50_000);
      const arrived = peer.received(bytes.length);
      expect(await connection.write(bytes.subarray(0, 20_001))).toBeNull();
      const rest = connection.write(bytes.subarray(20_001));
      // The goodbye waits for what is still on its way.
      expect(await connection.end(END_MS)).toBeNull();
      expect(await rest).toBeNull();
      expect(Buffer.compare(await arrived, bytes)).toBe(0);
      await close();
    });

    it('opens a second session after the first, and ends one without bytes', async (context) => {
      const { transport, peer, reopens, close } = await make(context);
      if (!reopens) context.skip('socat ends when a pseudo-terminal is closed');
      const first = await open(transport);
      expect(await first.end(END_MS)).toBeNull();
      const second = await open(transport);
      const arrived = peer.received(3);
      expect(await second.write(Uint8Array.of(5, 6, 7))).toBeNull();
      expect([...(await arrived)]).toEqual([5, 6, 7]);
      expect(await second.end(END_MS)).toBeNull();
      await close();
    });

    it('hears what the printer says', async (context) => {
      const { transport, peer, close } = await make(context);
      if (peer.say === null) context.skip('nothing comes back this way');
      const connection = await open(transport);
      await connection.write(Uint8Array.of(0x10, 4, 1));
      await peer.received(3);
      const heard = heardBy(connection, 4);
      peer.say?.(Uint8Array.of(0x12, 0, 0xff, 0x0d));
      expect(await heard).toEqual([0x12, 0, 0xff, 0x0d]);
      await connection.end(END_MS);
      await close();
    });

    it('loses nothing when the printer talks to the last', async (context) => {
      const { transport, peer, close } = await make(context);
      const connection = await open(transport);
      const bytes = pattern(6000);
      const arrived = peer.received(bytes.length);
      const written = connection.write(bytes);
      for (let count = 0; count < 50; count += 1) peer.say?.(Uint8Array.of(0x10, 0, 0, 0));
      expect(await written).toBeNull();
      expect(await connection.end(END_MS)).toBeNull();
      expect((await arrived).length).toBe(bytes.length);
      await close();
    });

    it('keeps a write pending while the printer takes nothing, then goes on', async (context) => {
      const { transport, peer, floodBytes, close } = await make(context);
      const connection = await open(transport);
      peer.hold();
      const arrived = peer.received(floodBytes);
      const written = connection.write(pattern(floodBytes));
      expect(await Promise.race([written, pause(HELD_MS, 'held')])).toBe('held');
      peer.resume();
      expect(await written).toBeNull();
      expect(await connection.end(END_MS)).toBeNull();
      expect(Buffer.compare(await arrived, pattern(floodBytes))).toBe(0);
      await close();
    });

    it('gives up at the end’s deadline, and says that bytes were left', async (context) => {
      const { transport, peer, floodBytes, close } = await make(context);
      const connection = await open(transport);
      peer.hold();
      const written = connection.write(pattern(floodBytes));
      const startedAtMs = performance.now();
      expect(await connection.end(HELD_MS)).not.toBeNull();
      expect(performance.now() - startedAtMs).toBeLessThan(HELD_MS + SLACK_MS);
      expect(await written).not.toBeNull();
      // Safe to call twice.
      expect(await connection.end(HELD_MS)).not.toBeNull();
      await close();
    });

    it('is lost once when the printer goes away, and fails what comes after', async (context) => {
      const { transport, peer, close } = await make(context);
      if (peer.vanish === null) context.skip('this wire cannot tell that nobody is there');
      const connection = await open(transport);
      const losses: DeviceError[] = [];
      const lost = new Promise<void>((resolve) => {
        connection.onLost((error) => {
          losses.push(error);
          resolve();
        });
      });
      expect(await connection.write(Uint8Array.of(1, 2, 3))).toBeNull();
      await peer.received(3);
      await peer.vanish?.();
      // Some wires tell the loss to a writer alone.
      void connection.write(Uint8Array.of(4));
      await lost;
      expect(losses.map(({ code }) => code)).toEqual(['offline']);
      // Whoever listens later is told too.
      const told = await new Promise<DeviceError>((resolve) => connection.onLost(resolve));
      expect(told).toEqual(losses[0]);
      expect(await connection.write(Uint8Array.of(5))).not.toBeNull();
      await connection.end(END_MS);
      expect(losses).toHaveLength(1);
      await close();
    });

    it('fails to open where nothing is, without a rejection', async (context) => {
      const { absent, close } = await make(context);
      const opened = await absent.connect(CONNECT_MS);
      expect(opened.ok).toBe(false);
      if (!opened.ok) expect(opened.error.detail).not.toBe('');
      await close();
    });
  });
}
