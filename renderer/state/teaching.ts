// Owns a test scan: the keys of one scan are gathered, and what they teach about the scanner.
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import type { WedgeLayoutName } from '#drivers/scanner/wedge/wedgeLayouts.ts';
import { learnWedge, type WedgeProblem } from '#drivers/scanner/wedge/wedgeLearning.ts';
import type { WedgeSettings } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { call } from '#renderer/state/connection.ts';
import { change, page } from '#renderer/state/store.ts';

/** The slowest scanner that is one leaves less between two keys, and between code and suffix. */
const SILENCE_MS = 600;

export type Teaching =
  | { readonly state: 'off' }
  | { readonly state: 'waiting' }
  | { readonly state: 'learnt'; readonly settings: WedgeSettings }
  | { readonly state: 'problem'; readonly problem: WedgeProblem };

let keys: WedgeKeyEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function learn(layout: WedgeLayoutName | null): void {
  const before = (page().snapshot?.wedge ?? null) as WedgeSettings | null;
  const learnt = learnWedge(keys, { layout, before });
  change({
    teaching: learnt.ok
      ? { state: 'learnt', settings: learnt.value }
      : { state: 'problem', problem: learnt.error },
  });
}

/** From now on every key is the scanner's; Escape by itself ends it. */
export function startTeaching(): void {
  keys = [];
  change({ teaching: { state: 'waiting' } });
}

export function stopTeaching(): void {
  clearTimeout(timer);
  keys = [];
  change({ teaching: { state: 'off' } });
}

/** What a person says where the keys fit several layouts. */
export function chooseLayout(layout: WedgeLayoutName): void {
  learn(layout);
}

export async function keepTeaching(settings: WedgeSettings | null): Promise<void> {
  const wedge = settings as NonNullable<Parameters<typeof saveWedge>[0]> | null;
  if (await saveWedge(wedge)) stopTeaching();
}

async function saveWedge(
  wedge: Parameters<typeof call<'devices.saveWedge'>>[1]['wedge'],
): Promise<boolean> {
  return (await call('devices.saveWedge', { wedge })) !== null;
}

/** True when the key was taken for the test scan, so that nothing else may see it. */
export function takeForTeaching(event: WedgeKeyEvent): boolean {
  if (page().teaching.state !== 'waiting') return false;
  if (keys.length === 0 && event.key === 'Escape') {
    stopTeaching();
    return true;
  }
  keys.push(event);
  clearTimeout(timer);
  timer = setTimeout(() => learn(null), SILENCE_MS);
  return true;
}
