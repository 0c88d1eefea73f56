// Goal: an alarm that is late because the process stood still does not overtake what had arrived.
// Method: a real socket whose bytes lie in the kernel while a loop blocks the process past the
// alarm.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemTimers } from '#drivers/timers.ts';

const ALARM_MS = 20;

function blockFor(durationMs: number): void {
  const endsAtMs = performance.now() + durationMs;
  while (performance.now() < endsAtMs);
}

async function socketPair() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = connect(address.port, address.address);
  const [[far]] = await Promise.all([accepted, once(near, 'connect')]);
  return {
    near,
    far,
    close() {
      near.destroy();
      far.destroy();
      server.close();
    },
  };
}

describe('the process’s own clock', () => {
  it('hands out what arrived before an alarm that went by meanwhile', async () => {
    const { near, far, close } = await socketPair();
    const order: string[] = [];
    far.on('data', () => order.push('data'));
    await new Promise<void>((resolve) => {
      systemTimers.after(ALARM_MS, () => {
        order.push('alarm');
        resolve();
      });
      near.write('x');
      blockFor(3 * ALARM_MS);
    });
    expect(order).toEqual(['data', 'alarm']);
    close();
  });

  it('hands out a reply that this process makes once it has read the question', async () => {
    const { near, far, close } = await socketPair();
    const order: string[] = [];
    far.on('data', () => far.write('y'));
    near.on('data', () => order.push('reply'));
    await new Promise<void>((resolve) => {
      systemTimers.after(ALARM_MS, () => {
        order.push('alarm');
        resolve();
      });
      near.write('x');
      blockFor(3 * ALARM_MS);
    });
    expect(order).toEqual(['reply', 'alarm']);
    close();
  });

  it('is cancelled until the very call, and more than once', async () => {
    let calls = 0;
    const cancel = systemTimers.after(1, () => {
      calls += 1;
    });
    await new Promise<void>((resolve) => {
      // Runs after the timer of 1 ms went off and before its alarm is called.
      setTimeout(() => {
        cancel();
        cancel();
        setTimeout(resolve, 5);
      }, 1);
      blockFor(5);
    });
    expect(calls).toBe(0);
  });
});
