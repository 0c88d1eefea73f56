// Owns `npm run devices`: what the device screen finds and advises, on a terminal.
import type { FoundDevice } from '#drivers/configuration.ts';
import { type Found, findDevices } from '#drivers/find.ts';
import { type Language, languageOf, say } from '#words/say.ts';

const usage = `Usage: npm run devices [-- --language en|tr]
Lists every scanner and printer that this computer has, and what keeps one from being used.
It opens none of them.
`;

/** The cure in the same words as on screen; null where nothing is wrong. */
function problemText({ problem }: FoundDevice, language: Language): string | null {
  if (problem === null) return null;
  return say(language, problem === 'permission' ? 'device.not-permitted' : `device.${problem}`, {});
}

/** One device: two lines, and a third for its problem. */
export function deviceLines(found: FoundDevice, language: Language): string[] {
  const where = found.path === null ? '' : `  (${found.path})`;
  const problem = problemText(found, language);
  return [
    `${say(language, `devices.kind.${found.kind}`, {})}: ${found.name}`,
    `  ${found.address}${where}`,
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

/** 0 when every device found can be used, 1 when one cannot, 2 for a wrong argument. */
export async function main(args: readonly string[]): Promise<number> {
  const [option, value, ...more] = args;
  const isRight = option === undefined || (option === '--language' && value !== undefined);
  if (!isRight || more.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  const found = await findDevices();
  process.stdout.write(foundText(found, languageOf(value ?? process.env['LANG'] ?? 'en')));
  return found.devices.some(({ problem }) => problem !== null) ? 1 : 0;
}
