// Owns what quick keys in a row amount to: a scan, a person's keys, or a scan with both among it.
import type { TypedCharacter, WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import type { WedgeSettings, WedgeStroke } from '#drivers/scanner/wedge/wedgeSettings.ts';

const charactersMax = 4096;
/** From here on a burst is taken for a scanner's, though it may still prove short. */
const burstKeysMin = 3;
/** A person holds a key down for longer than this. */
export const pressMsMax = 50;
/** The same where the scanner's next key came meanwhile: its own are never down so long. */
const overlapMsMax = 40;
/** No person is as quick as this with one key. */
const tapMsMax = 20;

export interface Entry<Key> {
  readonly event: Key;
  readonly stroke: WedgeStroke;
  /** Null for what a person surely pressed: their Enter, or a digit the scanner has not. */
  readonly typed: TypedCharacter | null;
  /** An Alt code is several keys. */
  readonly keyCount: number;
  readonly firstMs: number;
  readonly lastMs: number;
  upMs: number | null;
  /** Still down when the next key went down. */
  isOverlapped: boolean;
}

export interface Burst<Key> {
  readonly entries: Entry<Key>[];
  /** Alt is down, and these are the digits so far. */
  alt: { digits: string; readonly events: Key[] } | null;
  /** Alt codes' digits and what is beyond 4,096 characters count as well. */
  keyCount: number;
  readonly firstMs: number;
  lastMs: number;
  /** How long the scanner once paused inside it; 0 where it did not. No pace is measured by it. */
  pausedMs: number;
  /** It began right after a scan: a code of several lines, each with its own end. */
  readonly isContinuation: boolean;
  /** A person held Shift when it began. */
  readonly hasPersonsShift: boolean;
  /** So it is still: the scanner has not pressed Shift itself. */
  isShiftPersons: boolean;
}

export interface Verdict<Key> {
  readonly release: readonly Key[];
  readonly scan: string | null;
  /** When the scanner's first and last keys went down. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export function newBurst<Key>(
  firstMs: number,
  isContinuation: boolean,
  hasPersonsShift: boolean,
): Burst<Key> {
  return {
    entries: [],
    alt: null,
    keyCount: 0,
    firstMs,
    lastMs: firstMs,
    pausedMs: 0,
    isContinuation,
    hasPersonsShift,
    isShiftPersons: hasPersonsShift,
  };
}

export function markOverlaps<Key>(burst: Burst<Key>): void {
  // Only the newest few can still be down; a scanner without keyups is not looked through anew.
  for (const entry of burst.entries.slice(-8)) if (entry.upMs === null) entry.isOverlapped = true;
}

export function addEntry<Key>(burst: Burst<Key>, entry: Omit<Entry<Key>, 'isOverlapped'>): void {
  if (burst.entries.length < charactersMax) burst.entries.push({ ...entry, isOverlapped: false });
}

/** A key that is surely a person's, amid the burst; it keeps its place among their keys. */
export function addPersonsKey<Key extends WedgeKeyEvent>(
  burst: Burst<Key>,
  event: Key,
  at: number,
): void {
  const { code: stroke, timeMs } = event;
  burst.entries.splice(at, 0, {
    ...{ event, stroke, typed: null, keyCount: 0, isOverlapped: true },
    ...{ firstMs: timeMs, lastMs: timeMs, upMs: null },
  });
}

/** Takes out all but the first `count` keys. */
export function takeAfter<Key>(burst: Burst<Key>, count: number): readonly Entry<Key>[] {
  return burst.entries.splice(count);
}

/** All that is held, as it came. */
export function keysOf<Key>({ entries, alt }: Burst<Key>): readonly Key[] {
  return [...entries.map(({ event }) => event), ...(alt?.events ?? [])];
}

/** A key came up. The latest press of that key is meant: a person may hold the same one. */
export function liftKey<Key extends WedgeKeyEvent>(burst: Burst<Key>, event: Key): void {
  const entry = burst.entries.findLast((one) => one.upMs === null && one.event.code === event.code);
  if (entry !== undefined) entry.upMs = event.timeMs;
}

/** False for a scanner, or a test, that never says when a key comes up. */
export function hasLifts<Key>(burst: Burst<Key>): boolean {
  return burst.entries.some(({ upMs }) => upMs !== null);
}

function isLonger<Key>({ upMs, lastMs }: Entry<Key>, pressMs: number): boolean {
  return upMs === null || upMs - lastMs > pressMs;
}

function isTap<Key>({ upMs, lastMs }: Entry<Key>): boolean {
  return upMs !== null && upMs - lastMs <= tapMsMax;
}

/** Whether the newest key came up sooner than a person's does, or may yet do so. */
export function mayBeTap<Key>({ entries }: Burst<Key>, timeMs: number): boolean {
  const newest = entries.at(-1);
  return newest !== undefined && (newest.upMs ?? timeMs) - newest.lastMs <= tapMsMax;
}

/** Whether every key came up sooner than a person's does. */
export function isTapped<Key>({ entries }: Burst<Key>): boolean {
  return entries.length > 0 && entries.every(isTap);
}

/**
 * The keys that a person pressed while a scanner typed: they stay down over the scanner's next key.
 * Those after its last key are told by how long they stay down. None where most keys are like that:
 * then it is the scanner's way, or no scanner.
 */
function personsAmong<Key>(
  burst: Burst<Key>,
  isEnded: boolean,
  undecided?: Entry<Key>,
): ReadonlySet<Entry<Key>> {
  const { entries } = burst;
  const ends = entries.filter(({ typed }) => typed === null);
  if (!hasLifts(burst)) return new Set(ends);
  // After the scanner's last key no end says so, where it has none.
  const lastOwn = isEnded
    ? entries.length - 1
    : entries.findLastIndex((entry) => !isLonger(entry, pressMsMax));
  const persons = entries.filter((entry, index) => {
    if (entry === undecided) return false;
    if (entry.typed === null || index > lastOwn) return true;
    return entry.isOverlapped && isLonger(entry, overlapMsMax);
  });
  return new Set(persons.length * 2 >= entries.length ? ends : persons);
}

function isQuick(elapsedMs: number, keyCount: number, settings: WedgeSettings): boolean {
  return elapsedMs <= settings.averageMsMax * (keyCount - 1);
}

/** Whether these keys are a scanner's as far as they go. */
export function looksScanned<Key>(burst: Burst<Key>, settings: WedgeSettings): boolean {
  const { entries, keyCount } = burst;
  if (keyCount < 2) return false;
  const isPaced = isQuick(burst.lastMs - burst.firstMs - burst.pausedMs, keyCount, settings);
  return isPaced && (entries.every(isTap) || keyCount >= burstKeysMin);
}

/** Whether no person typed it: as long as a scan, or tapped so often in a row, and as quick. */
export function isScanners<Key>(burst: Burst<Key>, settings: WedgeSettings): boolean {
  const { entries, keyCount } = burst;
  if (!looksScanned(burst, settings)) return false;
  const newest = entries.at(-1);
  // The newest may not have come up yet.
  const isTappedSoFar = entries.every((one) => isTap(one) || (one === newest && one.upMs === null));
  return keyCount >= settings.charactersMin || (keyCount >= burstKeysMin && isTappedSoFar);
}

/** Takes a person's keys out of a burst that goes on: another key of theirs must not overtake. */
export function takePersons<Key>(burst: Burst<Key>, timeMs: number): readonly Key[] {
  const newest = burst.entries.at(-1);
  // The newest may just not have come up yet.
  const isYoung = newest !== undefined && timeMs - newest.lastMs <= pressMsMax;
  const isUndecided = isYoung && newest.upMs === null && !newest.isOverlapped;
  const persons = personsAmong(burst, false, isUndecided ? newest : undefined);
  const kept = burst.entries.filter((entry) => !persons.has(entry));
  burst.entries.splice(0, burst.entries.length, ...kept);
  return [...persons].map(({ event }) => event);
}

/** The text between prefix and suffix; null where the prefix is missing. */
function textOf<Key>(
  entries: readonly Entry<Key>[],
  settings: WedgeSettings,
  suffixCharacters: readonly WedgeStroke[],
): string | null {
  const { prefix } = settings;
  if (!prefix.every((stroke, index) => entries[index]?.stroke === stroke)) return null;
  const rest = entries.slice(prefix.length);
  const endAt = rest.length - suffixCharacters.length;
  const hasSuffix = suffixCharacters.every(
    (stroke, index) => rest[endAt + index]?.stroke === stroke,
  );
  let text = '';
  let isAfterDead = false;
  for (const { typed } of hasSuffix ? rest.slice(0, endAt) : rest) {
    if (typed === null) continue;
    if (!(isAfterDead && typed.text === ' ')) text += typed.text;
    isAfterDead = typed.isDead;
  }
  return text;
}

/** Decides about a burst that is over. `isEnded` says that the scanner's Enter or Tab ended it. */
export function judge<Key>(
  burst: Burst<Key>,
  settings: WedgeSettings,
  suffixCharacters: readonly WedgeStroke[],
  isEnded: boolean,
): Verdict<Key> {
  const persons = personsAmong(burst, isEnded);
  const entries = burst.entries.filter((entry) => !persons.has(entry));
  const first = entries.at(0);
  const text = textOf(entries, settings, suffixCharacters);
  const { firstMs } = first ?? burst;
  const none = { release: keysOf(burst), scan: null, firstMs, lastMs: burst.lastMs };
  if (first === undefined || text === null) return none;
  const isCut = burst.entries.length === charactersMax;
  const lastMs = isCut ? burst.lastMs : (entries.at(-1) ?? first).lastMs;
  const keyCount = isCut ? burst.keyCount : entries.reduce((sum, entry) => sum + entry.keyCount, 0);
  const isLine = burst.isContinuation && entries.every(isTap);
  const leastEnded = isLine ? 1 : settings.charactersMinEnded;
  const isLong = text.length >= (isEnded ? leastEnded : settings.charactersMin);
  const isScan = isLong && isQuick(lastMs - firstMs - burst.pausedMs, keyCount, settings);
  if (!isScan) return none;
  return { release: [...persons].map(({ event }) => event), scan: text, firstMs, lastMs };
}
