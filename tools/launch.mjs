// Owns the way into every npm script: the right Node first, then tools/<name>.ts and its main().
// Plain JavaScript that an old Node understands, so that it can say which to install.
import { spawnSync } from 'node:child_process';

const OLDEST = [22, 14];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  const wanted = `Node 24 (at least ${OLDEST.join('.')})`;
  const found = process.versions.node;
  console.error(`Puan needs ${wanted}; this is ${found}. Install it from https://nodejs.org.`);
  process.exit(1);
}

// Type stripping is on by default from 22.18; before that it is a flag, which children inherit.
if (!process.features.typescript) {
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  const run = spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], {
    stdio: 'inherit',
  });
  process.exit(run.status ?? 1);
}

silenceExperimentalWarnings();
const [name = '', ...args] = process.argv.slice(2);
const tool = await import(new URL(`./${name}.ts`, import.meta.url).href);
process.exitCode = (await tool.main(args)) ?? 0;

/** Type stripping announces itself on each start of Node 22: noise for a cashier's support desk. */
function silenceExperimentalWarnings() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
    if (type !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest);
  };
}
