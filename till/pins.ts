// Owns the PIN check: scrypt with a device secret, so that a copied database alone opens nothing.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Printed in the README for the demo shop; never accepted as a PIN of a real shop. */
export const DEMO_PINS = { cashier: '1111', manager: '9999' } as const;

/** Wrong tries before the pad is locked; each further one doubles the wait. */
export const PIN_TRIES = 5;
export const PIN_LOCK_MS_MIN = 30_000;
export const PIN_LOCK_MS_MAX = 15 * 60_000;

const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

/** The wait after the n-th wrong try in a row, in milliseconds; 0 below the limit. */
export function lockMs(failedCount: number): number {
  if (failedCount < PIN_TRIES) return 0;
  return Math.min(PIN_LOCK_MS_MIN * 2 ** (failedCount - PIN_TRIES), PIN_LOCK_MS_MAX);
}

/** 32 random bytes in a 0600 file beside the database; made once. */
export function deviceSecret(dataFolder: string): Buffer {
  const file = path.join(dataFolder, 'device-secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
  return readFileSync(file);
}

export function newPinSalt(): Uint8Array {
  return randomBytes(16);
}

/** One salt serves a shop, so that a try costs one scrypt however many operators there are. */
export function hashPin(pin: string, salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return scryptSync(Buffer.concat([Buffer.from(pin), secret]), salt, 32, SCRYPT);
}

export function isSamePin(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
