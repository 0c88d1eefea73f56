// Goal: a customer display that fails keeps no port, and closing it ends what was still opening.
// Method: a wire that is opened, written and ended by hand.
import { describe, expect, it } from 'vitest';
import type { DeviceError } from '#drivers/device.ts';
import { createLineDisplay } from '#drivers/display/lineDisplayDevice.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { success } from '#drivers/result.ts';

const fault: DeviceError = { code: 'offline', detail: 'gone' };
const rows = ['TOTAL', '1.00'] as const;

/** Counts what is open; write number `faultAt`, from 1, fails. */
function wire(faultAt: number, opens: Promise<void> = Promise.resolve()) {
  let openCount = 0;
  let writeCount = 0;
  const connection = (): Connection => {
    let isOpen = true;
    return {
      write() {
        writeCount += 1;
        return Promise.resolve(writeCount === faultAt ? fault : null);
      },
      onData: () => undefined,
      onLost: () => undefined,
      end() {
        openCount -= isOpen ? 1 : 0;
        isOpen = false;
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
  return { transport, openCount: () => openCount, writeCount: () => writeCount };
}

describe('a customer display', () => {
  it.each([1, 2])('lets go of its port when write %i fails', async (faultAt) => {
    const { transport, openCount, writeCount } = wire(faultAt);
    const display = createLineDisplay(transport, 20);
    display.show(rows);
    await expect.poll(writeCount).toBe(faultAt);
    await expect.poll(openCount).toBe(0);
    display.show(rows);
    await expect.poll(openCount).toBe(1);
    await display.close();
    expect(openCount()).toBe(0);
  });

  it('lets go of a port that opened while it was closed', async () => {
    let open: () => void = () => undefined;
    const { transport, openCount } = wire(
      0,
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const display = createLineDisplay(transport, 20);
    display.show(rows);
    const closed = display.close();
    open();
    await closed;
    expect(openCount()).toBe(0);
  });
});
