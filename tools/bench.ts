// Owns `npm run bench`: every bench in turn, one line each with its ratio and its bar.
import { benchCommit } from '#bench/commit.ts';
import { benchEncode } from '#bench/encode.ts';
import { benchFirstByte } from '#bench/firstByte.ts';
import { benchLookup } from '#bench/lookup.ts';
import { benchPricing } from '#bench/pricing.ts';
import { benchScan } from '#bench/scan.ts';
import { benchStart } from '#bench/start.ts';
import { openDisplay } from '#tools/display.ts';

const benches: Readonly<Record<string, () => Promise<string>>> = {
  a: benchCommit,
  b: benchLookup,
  c: benchPricing,
  d: benchScan,
  e: benchStart,
  f: benchEncode,
  g: benchFirstByte,
};

/** `npm run bench -- a c` runs those two. Always 0: a figure is measured here, never asserted. */
export async function main(args: readonly string[]): Promise<number> {
  const wanted = args.length === 0 ? Object.keys(benches) : args;
  const unknown = wanted.filter((name) => benches[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(
      `no such bench: ${unknown.join(', ')} (there are ${Object.keys(benches).join(', ')})\n`,
    );
    return 1;
  }
  const display = await openDisplay();
  for (const name of wanted) process.stdout.write(`${(await benches[name]?.()) ?? ''}\n`);
  display?.close();
  return 0;
}
