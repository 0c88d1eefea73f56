// Goal: whatever a device, a read or a test scan can say has words in every language. Method: the
// unions themselves as keys of records, which the type checker keeps whole.
import { describe, expect, it } from 'vitest';
import type { FoundDevice } from '#drivers/configuration.ts';
import type { DeviceErrorCode } from '#drivers/device.ts';
import type { WedgeProblem } from '#drivers/scanner/wedge/wedgeLearning.ts';
import type { ScanDecision } from '#till/scanDecision.ts';
import { en, type Key } from '#words/en.ts';
import { tr } from '#words/tr.ts';

const errorCodes: Record<DeviceErrorCode, true> = {
  closed: true,
  'claimed-elsewhere': true,
  'not-claimed': true,
  'not-permitted': true,
  disabled: true,
  'no-hardware': true,
  unreachable: true,
  'address-invalid': true,
  offline: true,
  timeout: true,
  busy: true,
  'paper-out': true,
  'cover-open': true,
  failure: true,
};

/** `permission` is said as `not-permitted`. */
const foundProblems: Record<Exclude<FoundDevice['problem'], null | 'permission'>, true> = {
  'claimed-elsewhere': true,
  'not-hid-pos': true,
};

const readings: Record<ScanDecision['kind'], true> = {
  member: true,
  'card-wrong-check-digit': true,
  'card-wrong-length': true,
  unreadable: true,
  product: true,
  'product-unknown': true,
  'scale-label': true,
  'scale-label-wrong': true,
  case: true,
  coupon: true,
  code: true,
  partner: true,
  receipt: true,
};

const teachingProblems: Record<WedgeProblem['reason'], true> = {
  'nothing-typed': true,
  'code-not-found': true,
  'scanned-twice': true,
  'layout-ambiguous': true,
  'letter-case-changed': true,
  'caps-lock-on': true,
  'num-lock-off': true,
  'prefix-ambiguous': true,
  'suffix-unknown': true,
  'too-slow': true,
};

describe('the words of devices', () => {
  it.each([
    ['device', { ...errorCodes, ...foundProblems }],
    ['reading', readings],
    ['teach.problem', teachingProblems],
  ])('has a sentence for every %s, in both languages', (stem, kinds) => {
    for (const kind of Object.keys(kinds)) {
      const key = `${stem}.${kind}`;
      expect(Object.keys(en), key).toContain(key);
      expect(tr[key as Key], key).not.toBe(en[key as Key]);
    }
  });
});
