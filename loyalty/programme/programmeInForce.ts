// Owns which of several programmes holds at an instant.
import type { Programme } from '#loyalty/programme/parseProgramme.ts';

type Dated = Pick<Programme, 'effectiveFromMs' | 'effectiveToMs' | 'version'>;

function beganLater(left: Dated, right: Dated): boolean {
  if (left.effectiveFromMs === right.effectiveFromMs) return left.version > right.version;
  return left.effectiveFromMs > right.effectiveFromMs;
}

function latest<T extends Dated>(programmes: readonly T[]): T | null {
  return programmes.reduce<T | null>(
    (best, programme) => (best === null || beganLater(programme, best) ? programme : best),
    null,
  );
}

/**
 * The programme to price with at an instant: of those in force the one that began last, of
 * several the highest version. A till never stops earning for want of a file: where none is in
 * force it is the last that began before, and before all of them the first. Null only for none.
 */
export function programmeInForce<T extends Dated>(
  programmes: readonly T[],
  atMs: number,
): T | null {
  const begun = programmes.filter((programme) => programme.effectiveFromMs <= atMs);
  const inForce = begun.filter(
    ({ effectiveToMs }) => effectiveToMs === null || atMs < effectiveToMs,
  );
  const first = programmes.filter((programme) =>
    programmes.every((other) => other.effectiveFromMs >= programme.effectiveFromMs),
  );
  return latest(inForce) ?? latest(begun) ?? latest(first);
}
