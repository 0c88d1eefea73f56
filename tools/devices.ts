// Owns `npm run devices`: what the device screen finds and advises, on a terminal.
import type { FoundDevice } from '#drivers/configuration.ts';
import { type Found, findDevices } from '#drivers/find.ts';
import { type Language, languageOf, languages, say } from '#words/say.ts';

const usage = `Usage: npm run devices [-- --language en|tr]
Lists every scanner and printer that this computer has, and what keeps one from being used.
It opens none of them.
`;

/** The cure in the same words as on screen; null where nothing is wrong. */
function problemText({ problem }: FoundDevice, language: Language): string | null {
  if (problem === null) return null;
  return say(language, problem === 'permission' ? 'device.not-permitted' : `device.${problem}`, {});
}

/** Where it is, unless its name says so already: a plain port is nothing but its path. */
function placeText({ name, address, path }: FoundDevice): string | null {
  const places = new Set([address, ...(path === null ? [] : [path])]);
  places.delete(name);
  const [first, second] = places;
  if (first === undefined) return null;
  return second === undefined ? first : `${first}  (${second})`;
}

/** One device: its name, where it is, and its problem. */
export function deviceLines(found: FoundDevice, language: Language): string[] {
  const place = placeText(found);
  const problem = problemText(found, language);
  return [
    `${say(language, `devices.kind.${found.kind}`, {})}: ${found.name}`,
    ...(place === null ? [] : [`  ${place}`]),
    ...(problem === null ? [] : [`  ! ${problem}`]),
  ];
}

/** The whole list; an empty one says what to do. */
export function foundText({ devices, detail }: Found, language: Language): string {
  const lines = devices.flatMap((device) => deviceLines(device, language));
  if (detail !== null) lines.push(say(language, 'devices.findProblem', {}), `(${detail})`);
  else if (devices.length === 0) lines.push(say(language, 'devices.none', {}));
  return `${lines.join('\n')}\n`;
}

/** `tr_TR.UTF-8` is what a terminal calls Turkish. */
function environmentTag(): string {
  return (process.env['LANG'] ?? 'en').replace('_', '-');
}

/** 0 when every device found can be used, 1 when one cannot, 2 for a wrong argument. */
export async function main(args: readonly string[]): Promise<number> {
  const [option, value, ...more] = args;
  const isRight = option === undefined || (option === '--language' && value !== undefined);
  if (!isRight || more.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  if (value !== undefined && !languages.some((known) => known === value)) {
    process.stderr.write(`There are no words in ${value}, only in ${languages.join(', ')}.\n`);
    return 2;
  }
  const found = await findDevices();
  process.stdout.write(foundText(found, languageOf(value ?? environmentTag())));
  return found.devices.some(({ problem }) => problem !== null) ? 1 : 0;
}
