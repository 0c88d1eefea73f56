// Goal: a PIN names its operator, guessing is slowed down, and the demo's PINs open no real shop.
// Method: a real till on a real file; the clock is the test's.
import { describe, expect, it } from 'vitest';
import { newTill, openTill, setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { lockMs, PIN_LOCK_MS_MAX, PIN_TRIES } from '#till/pins.ts';
import { setUpTill } from '#till/setUp.ts';
import { checkPin, lock, managerFor, signIn } from '#till/signIn.ts';
import { demoOperators, demoShop } from '#tools/demoShop.ts';

describe('signing in', () => {
  it('names the operator, and locking keeps the sale', () => {
    const { workstation } = newTill();
    const { basket } = workstation.state;
    expect(lock(workstation).ok).toBe(true);
    expect(workstation.state.operator).toBeNull();
    expect(signIn(workstation, '9999').ok).toBe(true);
    expect(workstation.state.operator).toMatchObject({ name: 'Deniz', role: 'manager' });
    expect(workstation.state.basket).toBe(basket);
  });

  it('locks the pad after five wrong tries, longer each time, across a restart', () => {
    const { workstation, clock } = newTill();
    for (let tryNumber = 1; tryNumber < PIN_TRIES; tryNumber += 1) {
      expect(checkPin(workstation, '1234')).toMatchObject({
        error: { code: 'pin-wrong', args: { triesLeft: PIN_TRIES - tryNumber } },
      });
    }
    expect(checkPin(workstation, '1234')).toMatchObject({ error: { code: 'pin-locked' } });
    // The right PIN waits too, or waiting would tell that it is right.
    expect(checkPin(workstation, '1111')).toMatchObject({ error: { code: 'pin-locked' } });
    clock.nowMs += lockMs(PIN_TRIES);
    expect(checkPin(workstation, '1111').ok).toBe(true);
    expect(lockMs(PIN_TRIES + 1)).toBe(2 * lockMs(PIN_TRIES));
    expect(lockMs(100)).toBe(PIN_LOCK_MS_MAX);
  });

  it('asks a cashier for a manager, and takes no cashier for one', () => {
    const { workstation } = newTill();
    expect(managerFor(workstation, null)).toMatchObject({ error: { code: 'manager-required' } });
    expect(managerFor(workstation, '1111')).toMatchObject({ error: { code: 'manager-required' } });
    expect(managerFor(workstation, '9999')).toMatchObject({ ok: true, value: { name: 'Deniz' } });
  });

  it('refuses the published PINs in a real shop, at set-up and at the pad', () => {
    const refused = setUpTill({
      dataFolder: temporaryFolder(),
      shop: { ...demoShop, isDemo: false },
      programmeText: '{}',
      operators: demoOperators,
      products: [],
      members: [],
      headOfficeToken: null,
      nowMs: 0,
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'pin-published' } });
    const folder = temporaryFolder();
    const operators = [
      { operatorId: 'op-1', name: 'Can', role: 'cashier', pin: '482913' },
    ] as const;
    setUpDemo(folder, { isDemo: false }, { operators });
    const workstation = openTill(folder, { nowMs: Date.now() });
    expect(checkPin(workstation, '1111')).toMatchObject({ error: { code: 'pin-wrong' } });
    expect(checkPin(workstation, '482913')).toMatchObject({ ok: true, value: { name: 'Can' } });
  });
});
