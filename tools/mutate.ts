// Owns `npm run mutate`: mutation testing of loyalty/, which takes hours.
// `npm run mutate -- --mutate 'loyalty/earn/*.ts'` takes one folder.
import { runProgram } from '#tools/project.ts';

export async function main(args: readonly string[]): Promise<number> {
  // Each mutant meets few tries of a property, and always the same ones.
  process.env['PUAN_TEST_FACTOR'] = '0.002';
  process.env['PUAN_SEED'] = '1';
  const { exitCode } = await runProgram('stryker', ['run', ...args], { isShown: true });
  return exitCode;
}
