// Owns the order of the schema's steps and the one way in which they are applied.
import { connectionOf, transaction, type WritableDb } from '#db/handle.ts';
import { migration0010 } from '#db/migrations/0010-initial.ts';
import { migration0020 } from '#db/migrations/0020-rules.ts';
import { assert } from '#loyalty/assert.ts';

/** One step of the schema. Steps go up by tens, so that a hot fix can stand between two. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Every step, oldest first. A released step is never edited: a change is a new file. */
export const migrations: readonly Migration[] = [migration0010, migration0020];

/** The version that the steps lead to: `user_version` of a database that this program knows. */
export function versionOf(steps: readonly Migration[]): number {
  const last = steps.at(-1);
  assert(last !== undefined, 'there is a first migration');
  return last.version;
}

/** Throws unless versions rise: an order that differs between two tills would be two schemas. */
export function assertOrdered(steps: readonly Migration[]): void {
  let before = 0;
  for (const step of steps) {
    assert(Number.isInteger(step.version), 'a migration has a whole version');
    assert(step.version > before, `migration ${step.version} follows ${before}`);
    before = step.version;
  }
}

export function readVersion(db: WritableDb): number {
  return connectionOf(db).pragma('user_version', { simple: true }) as number;
}

/**
 * Applies what is missing, each step with its version in one transaction. `beforeStep` runs before
 * each step, outside its transaction: it makes the backup. Whatever throws leaves the database at
 * the step before.
 */
export function migrate(
  db: WritableDb,
  steps: readonly Migration[],
  beforeStep: (fromVersion: number) => void,
): void {
  assertOrdered(steps);
  for (const step of steps) {
    const fromVersion = readVersion(db);
    if (step.version <= fromVersion) continue;
    beforeStep(fromVersion);
    transaction(db, () => {
      connectionOf(db).exec(step.sql);
      // A pragma takes no parameter; the version is an integer of our own list.
      connectionOf(db).pragma(`user_version = ${step.version}`);
      const orphans = connectionOf(db).pragma('foreign_key_check') as readonly unknown[];
      assert(orphans.length === 0, `migration ${step.version} leaves no orphans`);
    });
  }
  assert(readVersion(db) === versionOf(steps), 'the schema is at its last step');
}
