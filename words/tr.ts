// Owns the Turkish catalogue: a missing key is a type error.
import type { Key } from '#words/en.ts';
import { trDeviceScreen } from '#words/trDeviceScreen.ts';
import { trDevices } from '#words/trDevices.ts';
import { trErrors } from '#words/trErrors.ts';
import { trMoves } from '#words/trMoves.ts';
import { trPaper } from '#words/trPaper.ts';
import { trScreen } from '#words/trScreen.ts';
import { trTeaching } from '#words/trTeaching.ts';
import { trTemplate } from '#words/trTemplate.ts';

export const tr: Readonly<Record<Key, string>> = {
  ...trDevices,
  ...trDeviceScreen,
  ...trErrors,
  ...trMoves,
  ...trPaper,
  ...trScreen,
  ...trTeaching,
  ...trTemplate,
};
