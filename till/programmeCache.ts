// Owns the compiled programmes: every cached version stays resident, so that a basket ends as it
// began.
import type { ReadableDb } from '#db/handle.ts';
import { allProgrammes, type ProgrammeRow } from '#db/programmes.ts';
import { assert } from '#loyalty/assert.ts';
import { businessDayOf } from '#loyalty/calendar.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import {
  type Programme,
  parseProgramme,
  programmeVersionOf,
} from '#loyalty/programme/parseProgramme.ts';
import { programmeInForce } from '#loyalty/programme/programmeInForce.ts';

/** One version, ready to price with. */
export interface InForce {
  readonly programme: Programme;
  readonly compiled: CompiledProgramme;
  readonly programmeVersion: string;
  /** What its rules and rewards wait for: codes that are scanned or typed. */
  readonly codes: ReadonlySet<string>;
}

export interface ProgrammeCache {
  /** The version whose dates contain `atMs`; before the first of them, the first. */
  at(atMs: number): InForce;
  /** The version that a stored sale names. */
  version(programmeVersion: string): InForce;
  businessDay(atMs: number): string;
  /** After head office sent a new version. */
  reload(): void;
}

/** How far ahead a business day is looked up at once: asking Intl costs as much as a hash. */
const KNOWN_DAY_MS = 30 * 60 * 1000;

interface KnownDay {
  readonly programme: Programme;
  readonly fromMs: number;
  /** Inclusive. */
  readonly toMs: number;
  readonly day: string;
}

/** The row of a programme that was parsed from `document`. */
export function programmeRow(programme: Programme, document: string): ProgrammeRow {
  return {
    programmeVersion: programmeVersionOf(programme),
    programmeId: programme.programmeId,
    version: programme.version,
    effectiveFromMs: programme.effectiveFromMs,
    effectiveToMs: programme.effectiveToMs,
    document,
  };
}

function codesOf({ earning, rewards }: Programme): ReadonlySet<string> {
  const conditions = [...earning.rules, ...rewards.list].map(({ when }) => when);
  return new Set(conditions.flatMap(({ code }) => (code === undefined ? [] : [code])));
}

export function createProgrammeCache(db: ReadableDb): ProgrammeCache {
  const byVersion = new Map<string, InForce>();

  function reload(): void {
    for (const row of allProgrammes(db)) {
      if (byVersion.has(row.programmeVersion)) continue;
      const parsed = parseProgramme(row.document);
      // It was checked before it was stored: a bad one here is a bug or a damaged file.
      assert(parsed.ok, `programme ${row.programmeVersion} in the database is valid`);
      const programme = parsed.value;
      const compiled = compile(programme);
      byVersion.set(row.programmeVersion, {
        programme,
        compiled,
        programmeVersion: programmeVersionOf(programme),
        codes: codesOf(programme),
      });
    }
  }

  function at(atMs: number): InForce {
    const programmes = [...byVersion.values()].map((entry) => entry.programme);
    // Where none holds, the newest does: a shop whose programme ran out goes on earning points.
    const programme = programmeInForce(programmes, atMs) ?? programmes[0];
    assert(programme !== undefined, 'a till has at least one programme');
    const found = byVersion.get(programmeVersionOf(programme));
    assert(found !== undefined, 'the programme in force is compiled');
    return found;
  }

  function version(programmeVersion: string): InForce {
    const found = byVersion.get(programmeVersion);
    assert(found !== undefined, `the programme of a sale is kept: ${programmeVersion}`);
    return found;
  }

  let known: KnownDay | null = null;

  function businessDay(atMs: number): string {
    const { programme } = at(atMs);
    if (known?.programme === programme && known.fromMs <= atMs && atMs <= known.toMs) {
      return known.day;
    }
    const dayAt = (ms: number) =>
      businessDayOf(ms, programme.timeZone, programme.businessDayCutOver);
    const day = dayAt(atMs);
    // A day never goes back, so what lies between two moments of one day is of that day too.
    const toMs = dayAt(atMs + KNOWN_DAY_MS) === day ? atMs + KNOWN_DAY_MS : atMs;
    known = { programme, fromMs: atMs, toMs, day };
    return day;
  }

  reload();
  return { at, version, businessDay, reload };
}
