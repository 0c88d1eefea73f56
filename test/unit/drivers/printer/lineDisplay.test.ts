// Goal: a customer display that fails keeps no port, and closing it ends what was still opening.
// Method: a wire that is opened, written and ended by hand.
import { describe, expect, it } from 'vitest';
import type { DeviceError } from '#drivers/device.ts';
import { createLineDisplay } from '#drivers/display/lineDisplayDevice.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { success } from '#drivers/result.ts';

const fault: DeviceError = { code: 'offline', detail: 'gone' };
const rows = ['TOTAL', '1.00'] as const;

interface WireFaults {
  /** The number of the write that fails, from 1. */
  readonly failsAt?: number;
  /** The number of the write that is pending until the session ends. */
  readonly hangsAt?: number;
  readonly opens?: Promise<void>;
}

/** Counts what is open and what was written. */
function wire({ failsAt, hangsAt, opens = Promise.resolve() }: WireFaults = {}) {
  let openCount = 0;
  let writeCount = 0;
  let lose: () => void = () => undefined;
  const connection = (): Connection => {
    let isOpen = true;
    let settle: (problem: DeviceError) => void = () => undefined;
    return {
      write() {
        writeCount += 1;
        if (writeCount === hangsAt) {
          return new Promise((resolve) => {
            settle = resolve;
          });
        }
        return Promise.resolve(writeCount === failsAt ? fault : null);
      },
      onData: () => undefined,
      onLost(listener) {
        lose = () => listener(fault);
      },
      end() {
        openCount -= isOpen ? 1 : 0;
        isOpen = false;
        settle(fault);
        return Promise.resolve(null);
      },
    };
  };
  const transport: Transport = {
    keepsSession: false,
    isOneWay: false,
    async connect() {
      await opens;
      openCount += 1;
      return success(connection());
    },
  };
  const told: (string | null)[] = [];
  const display = createLineDisplay(transport, 20, (problem) => told.push(problem?.code ?? null));
  return {
    display,
    told,
    openCount: () => openCount,
    writeCount: () => writeCount,
    lose: () => lose(),
  };
}

describe('a customer display', () => {
  it('lets go of its port when its start fails, and is tried with the next rows', async () => {
    const { display, told, openCount, writeCount } = wire({ failsAt: 1 });
    display.show(rows);
    await expect.poll(writeCount).toBe(1);
    await expect.poll(openCount).toBe(0);
    display.show(rows);
    await expect.poll(() => told).toEqual(['offline', null]);
    expect(openCount()).toBe(1);
    await display.close();
    expect(openCount()).toBe(0);
  });

  it('that was plugged in again shows the rows that did not arrive', async () => {
    const { display, told, openCount, writeCount } = wire({ failsAt: 3 });
    display.show(rows);
    await expect.poll(writeCount).toBe(2);
    display.show(['TOTAL', '2.00']);
    // The write that failed, and on a new session its start and the rows.
    await expect.poll(writeCount).toBe(5);
    await expect.poll(() => told).toEqual([null, 'offline', null]);
    expect(openCount()).toBe(1);
    await display.close();
  });

  it('that goes away while it is still leaves no session behind', async () => {
    const { display, told, openCount, lose } = wire();
    display.show(rows);
    await expect.poll(() => told).toEqual([null]);
    lose();
    await expect.poll(openCount).toBe(0);
    expect(told).toEqual([null, 'offline']);
    display.show(rows);
    await expect.poll(openCount).toBe(1);
    await display.close();
    expect(openCount()).toBe(0);
  });

  it.each([1, 2])('that takes nothing at write %i is closed all the same', async (hangsAt) => {
    const { display, openCount, writeCount } = wire({ hangsAt });
    display.show(rows);
    await expect.poll(writeCount).toBe(hangsAt);
    await display.close();
    expect(openCount()).toBe(0);
  });

  it('lets go of a port that opened while it was closed', async () => {
    let open: () => void = () => undefined;
    const { display, openCount, writeCount } = wire({
      opens: new Promise((resolve) => {
        open = resolve;
      }),
    });
    display.show(rows);
    const closed = display.close();
    open();
    await closed;
    expect(openCount()).toBe(0);
    expect(writeCount()).toBe(0);
  });
});
