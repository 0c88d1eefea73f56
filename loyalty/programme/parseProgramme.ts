// Owns reading a programme file: text in, a checked programme or faults by path out.
import type * as z from 'zod/mini';
import { parseInstantIso } from '#loyalty/instant.ts';
import { type ProgrammeFault, programmeFaults } from '#loyalty/programme/programmeFaults.ts';
import { type ProgrammeFile, programmeFile } from '#loyalty/programme/programmeFile.ts';
import { repeatedKeys } from '#loyalty/programme/repeatedKeys.ts';
import { upgradeProgramme } from '#loyalty/programme/upgradeProgramme.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

/** A checked programme: the file, and its dates as instants. */
export interface Programme extends ProgrammeFile {
  readonly effectiveFromMs: number;
  /** The first instant when it no longer holds, or null for no end. */
  readonly effectiveToMs: number | null;
}

/** Longer files are refused unread: the largest sensible programme is far below. */
const TEXT_LENGTH_MAX = 1_000_000;
const FAULTS_MAX = 50;

/** `$.earning.rules[2]["odd key"]`: how every fault of a file says where. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, '$');
}

/** Faults of any file of this product, from its schema. */
export function schemaFaults(issues: readonly z.core.$ZodIssue[]): ProgrammeFault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: pathText(issue.path), message: issue.message }];
    }
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: issue.message,
    }));
  });
}

/** The value of JSON text, or the faults of the text: it is none, or a key stands twice. */
export function parseJson(
  text: string,
  lengthMax = TEXT_LENGTH_MAX,
): Result<unknown, ProgrammeFault[]> {
  if (text.length > lengthMax) {
    return failure([{ path: '$', message: `write at most ${lengthMax} characters` }]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure([{ path: '$', message: `write JSON: ${reason}` }]);
  }
  const faults = repeatedKeys(text).map((path) => ({
    path: pathText(path),
    message: 'stands twice in this object; write it once',
  }));
  return faults.length > 0 ? failure(faults.slice(0, FAULTS_MAX)) : success(value);
}

/** Checks a programme file. Each fault names its JSON path and what to write instead. */
export function parseProgramme(text: string): Result<Programme, ProgrammeFault[]> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = programmeFile.safeParse(upgradeProgramme(json.value));
  if (!parsed.success) return failure(schemaFaults(parsed.error.issues).slice(0, FAULTS_MAX));
  const file = parsed.data;
  const faults = programmeFaults(file);
  const effectiveFromMs = parseInstantIso(file.effectiveFromIso);
  if (faults.length > 0 || effectiveFromMs === null) return failure(faults.slice(0, FAULTS_MAX));
  const effectiveToMs = file.effectiveToIso === null ? null : parseInstantIso(file.effectiveToIso);
  return success({ ...file, effectiveFromMs, effectiveToMs });
}

type Dated = Pick<Programme, 'programmeId' | 'version' | 'effectiveFromMs' | 'effectiveToMs'>;

/** `demo@3`: what every transaction and ledger entry records. */
export function programmeVersionOf(programme: Pick<Dated, 'programmeId' | 'version'>): string {
  return `${programme.programmeId}@${programme.version}`;
}

/**
 * A fault where two files that a person gives by hand are in force together for a time, and
 * neither says which one it replaces: the same programme and version twice, or two that begin at
 * the same instant. A later beginning replaces an earlier one and is no fault.
 */
export function clashFaults(programmes: readonly Dated[]): ProgrammeFault[] {
  const faults: ProgrammeFault[] = [];
  programmes.forEach((programme, index) => {
    const rival = programmes
      .slice(0, index)
      .find((other) => other.effectiveFromMs === programme.effectiveFromMs);
    const namesake = programmes
      .slice(0, index)
      .find((other) => programmeVersionOf(other) === programmeVersionOf(programme));
    if (namesake !== undefined) {
      const message = `write another version: ${programmeVersionOf(programme)} is there already`;
      faults.push({ path: '$.version', message });
    }
    if (rival === undefined) return;
    const message =
      `write another instant: ${programmeVersionOf(programme)} and ` +
      `${programmeVersionOf(rival)} would be effective at once`;
    faults.push({ path: '$.effectiveFromIso', message });
  });
  return faults;
}
