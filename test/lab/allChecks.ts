// Owns which checks the lab has.
import type { Check } from '#test/lab/check.ts';
import { hidChecks } from '#test/lab/hidChecks.ts';
import { printerChecks } from '#test/lab/printerChecks.ts';
import { serialChecks } from '#test/lab/serialChecks.ts';
import { soakChecks } from '#test/lab/soakChecks.ts';
import { udevChecks } from '#test/lab/udevChecks.ts';
import { uhidChecks } from '#test/lab/uhidChecks.ts';
import { wedgeChecks } from '#test/lab/wedgeChecks.ts';

export const allChecks: readonly Check[] = [
  ...hidChecks,
  ...uhidChecks,
  ...serialChecks,
  ...wedgeChecks,
  ...printerChecks,
  ...udevChecks,
  ...soakChecks,
];
