// Owns signing in: a PIN names its operator, and wrong tries lock the pad for a while.
import { activeOperators, getPinLockout, type OperatorRow, setPinLockout } from '#db/operators.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { serve } from '#till/basketFlow.ts';
import type { TillError } from '#till/contract.ts';
import { DEMO_PINS, hashPin, isSamePin, lockMs, PIN_TRIES } from '#till/pins.ts';
import type { Operator, Workstation } from '#till/workstation.ts';

function findByPin(workstation: Workstation, pin: string): OperatorRow | null {
  // A PIN that is printed in the README opens no real shop, whoever was given it.
  const isPublished = (Object.values(DEMO_PINS) as string[]).includes(pin);
  if (isPublished && !workstation.shop.isDemo) return null;
  let found: OperatorRow | null = null;
  const hashes = new Map<string, Uint8Array>();
  for (const operator of activeOperators(workstation.db)) {
    const salt = Buffer.from(operator.pinSalt).toString('hex');
    const hash = hashes.get(salt) ?? hashPin(pin, operator.pinSalt, workstation.deviceSecret);
    hashes.set(salt, hash);
    // Every operator is compared, so that the time tells nothing.
    if (isSamePin(hash, operator.pinHash)) found = operator;
  }
  return found;
}

/** Whose PIN this is. Counts wrong tries, also across restarts. */
export function checkPin(workstation: Workstation, pin: string): Result<Operator, TillError> {
  const { db } = workstation;
  const nowMs = workstation.nowMs();
  const lockout = getPinLockout(db);
  if (nowMs < lockout.lockedUntilMs) {
    const seconds = Math.ceil((lockout.lockedUntilMs - nowMs) / 1000);
    return failure({ code: 'pin-locked', args: { seconds } });
  }
  const operator = findByPin(workstation, pin);
  if (operator !== null) {
    if (lockout.failedCount > 0) setPinLockout(db, { failedCount: 0, lockedUntilMs: 0 });
    return success({
      operatorId: operator.operatorId,
      name: operator.name,
      role: operator.role,
    });
  }
  const failedCount = lockout.failedCount + 1;
  const waitMs = lockMs(failedCount);
  setPinLockout(db, { failedCount, lockedUntilMs: waitMs === 0 ? 0 : nowMs + waitMs });
  if (waitMs > 0) {
    return failure({ code: 'pin-locked', args: { seconds: Math.ceil(waitMs / 1000) } });
  }
  return failure({ code: 'pin-wrong', args: { triesLeft: PIN_TRIES - failedCount } });
}

export function signIn(
  workstation: Workstation,
  pin: string,
): Result<Record<string, never>, TillError> {
  const checked = checkPin(workstation, pin);
  if (!checked.ok) return checked;
  workstation.state.operator = checked.value;
  workstation.state.notice = null;
  // Rules may ask who sells, and whose own card lies on the counter.
  serve(workstation, workstation.state.member);
  workstation.changed();
  return success({});
}

/** The open sale stays; only the operator leaves. */
export function lock(workstation: Workstation): Result<Record<string, never>, TillError> {
  workstation.state.operator = null;
  workstation.state.notice = null;
  workstation.changed();
  return success({});
}

/** The manager who allows something: the operator at the till, or the one whose PIN is given. */
export function managerFor(
  workstation: Workstation,
  managerPin: string | null,
): Result<Operator, TillError> {
  const { operator } = workstation.state;
  if (operator?.role === 'manager') return success(operator);
  if (managerPin === null) return failure({ code: 'manager-required' });
  const checked = checkPin(workstation, managerPin);
  if (!checked.ok) return checked;
  return checked.value.role === 'manager' ? checked : failure({ code: 'manager-required' });
}
