// Owns a keyboard scanner and a person at one real page: their keys as the system would send them.
import type { CDPSession, Page } from 'playwright-core';
import type { DeviceKey } from '#test/support/wedgePage.ts';

/** Of the DevTools protocol, Input.dispatchKeyEvent. */
const modifierBits: Readonly<Record<string, number>> = {
  AltLeft: 1,
  AltRight: 1,
  ControlLeft: 2,
  ShiftLeft: 8,
};

/** So far ahead is the first key, and more for each: all are with the page before it is due. */
const AHEAD_MS = 250;
/** The same for a scan that cannot be made again should the machine stand still just then. */
export const FAR_AHEAD_MS = 600;
const AHEAD_MS_PER_EVENT_MIN = 3;
/** So long a page is kept busy, that no timer of its comes between keys still on their way. */
const BUSY_MS = 100;
const BUSY_MS_PER_EVENT = 2;
/** What is twice the last keys' time, each, on this machine; it shrinks by a tenth a time. */
let aheadMsPerEvent = 8;

const virtualKeys: Readonly<Record<string, number>> = {
  Enter: 13,
  NumpadEnter: 13,
  Tab: 9,
  Space: 32,
  ArrowUp: 38,
  ArrowDown: 40,
};

function virtualKey({ code, key }: DeviceKey): number {
  return virtualKeys[code] ?? key.toUpperCase().charCodeAt(0);
}

/**
 * Sends keys in one go, each with its own time a little ahead: a busy machine then changes no pace.
 * Resolves once the last one's time is past: to false if a key may have come later than its time.
 */
export async function sendKeys(
  page: Page,
  session: CDPSession,
  keys: readonly DeviceKey[],
  aheadMs = AHEAD_MS,
): Promise<boolean> {
  const sorted = keys.toSorted((one, other) => one.timeMs - other.timeMs);
  const down = new Set<string>();
  const sentMs = Date.now();
  const busy = page.evaluate(
    (busyMs) => {
      const endMs = performance.now() + busyMs;
      while (performance.now() < endMs);
    },
    BUSY_MS + sorted.length * BUSY_MS_PER_EVENT,
  );
  const startMs = sentMs + aheadMs + sorted.length * aheadMsPerEvent;
  const firstMs = sorted[0]?.timeMs ?? 0;
  const sent = sorted.map((key) => {
    if (key.down) down.add(key.code);
    else down.delete(key.code);
    const modifiers = [...down].reduce((bits, code) => bits | (modifierBits[code] ?? 0), 0);
    const isTyping = key.key.length === 1 && (modifiers & 3) === 0;
    const text = key.key === 'Enter' ? '\r' : isTyping ? key.key : '';
    return session.send('Input.dispatchKeyEvent', {
      type: key.down ? (text === '' ? 'rawKeyDown' : 'keyDown') : 'keyUp',
      key: key.key,
      code: key.code,
      modifiers,
      windowsVirtualKeyCode: virtualKey(key),
      timestamp: (startMs + key.timeMs - firstMs) / 1000,
      ...(key.down && text !== '' ? { text } : {}),
    });
  });
  await Promise.all([busy, ...sent]);
  const tookMs = Date.now() - sentMs;
  const isInTime = sentMs + tookMs < startMs;
  const twiceMs = (2 * tookMs) / sorted.length;
  aheadMsPerEvent = Math.max(AHEAD_MS_PER_EVENT_MIN, twiceMs, aheadMsPerEvent * 0.9);
  const lastMs = startMs + (sorted.at(-1)?.timeMs ?? 0) - firstMs;
  await page.waitForTimeout(Math.max(0, lastMs - Date.now()) + 100);
  return isInTime;
}

/** Notes each scan that the page hands to the till, by port or by socket. */
export async function recordScans(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const scans: string[] = [];
    Object.assign(window, { scansSubmitted: scans });
    const note = (message: unknown): void => {
      const call = typeof message === 'string' ? JSON.parse(message) : message;
      if (call?.method === 'scan.submit') scans.push(call.input.scanData);
    };
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function post(this: MessagePort, message: unknown) {
      note(message);
      postMessage.call(this, message);
    };
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function post(this: WebSocket, data: string) {
      note(data);
      send.call(this, data);
    };
  });
  return () =>
    page.evaluate(() => (window as unknown as { scansSubmitted: string[] }).scansSubmitted);
}
