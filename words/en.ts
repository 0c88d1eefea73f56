// Owns the English catalogue, and with it the list of keys that every language must have.

import { enDeviceScreen } from '#words/enDeviceScreen.ts';
import { enDevices } from '#words/enDevices.ts';
import { enErrors } from '#words/enErrors.ts';
import { enMoves } from '#words/enMoves.ts';
import { enPaper } from '#words/enPaper.ts';
import { enScreen } from '#words/enScreen.ts';
import { enTeaching } from '#words/enTeaching.ts';
import { enTemplate } from '#words/enTemplate.ts';

export const en = {
  ...enDevices,
  ...enDeviceScreen,
  ...enErrors,
  ...enMoves,
  ...enPaper,
  ...enScreen,
  ...enTeaching,
  ...enTemplate,
} as const;

/** A message in every language; also the code that support asks for. */
export type Key = keyof typeof en;
