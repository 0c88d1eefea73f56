// Owns `npm run build`: Vite for every bundle, only when a source is newer, and no zod in the page.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Rolldown, build as viteBuild } from 'vite';
import { listProjectFiles, projectFolder } from '#tools/project.ts';

const STAMP = path.join(projectFolder, 'dist/stamp.json');
const SOURCES = new RegExp(
  [
    '^(loyalty|drivers|db|sync|till|words|electron|renderer)/',
    '^(package|package-lock)\\.json$',
    '^(vite\\.config|tools/build)\\.ts$',
  ].join('|'),
);

/** Loaded from node_modules at run time: they hold or find native binaries. */
const NATIVE = [
  'electron',
  'better-sqlite3',
  'serialport',
  '@serialport/bindings-cpp',
  'node-hid',
  'koffi',
];
/** Optional speed-ups that `ws` looks for and does without. */
const ABSENT = ['bufferutil', 'utf-8-validate'];

const PROCESSES = [
  'electron/main.ts',
  'electron/preload.ts',
  'electron/coreProcess.ts',
  'electron/devicesProcess.ts',
  'drivers/printer/bridge/blockWorker.ts',
];

/** The page must not carry these: schemas are checked in core, and SQL has no place there. */
const NEVER_IN_PAGE = /\/node_modules\/(zod|better-sqlite3|serialport|ws)\/|\/(db|sync|electron)\//;
const PAGE_MODULES_MIN = 50;

type Output = Rolldown.RolldownOutput;

async function build(config: Parameters<typeof viteBuild>[0]): Promise<Output> {
  const output = await viteBuild(config);
  if (Array.isArray(output)) return output[0] as Output;
  if ('output' in output) return output;
  throw new Error('a build that watches has no output');
}

function modulesOf(output: Output): string[] {
  return output.output.flatMap((one) => (one.type === 'chunk' ? one.moduleIds : []));
}

async function buildPage(): Promise<void> {
  const modules = modulesOf(
    await build({ configFile: path.join(projectFolder, 'vite.config.ts'), logLevel: 'warn' }),
  );
  if (modules.length < PAGE_MODULES_MIN) {
    throw new Error(`the page's bundle shows ${modules.length} modules only: nothing was checked`);
  }
  const forbidden = modules
    .map((file) => file.replaceAll('\\', '/').replace(projectFolder.replaceAll('\\', '/'), ''))
    .filter((file) => NEVER_IN_PAGE.test(file));
  if (forbidden.length > 0) throw new Error(`the page's bundle holds ${forbidden.join(', ')}`);
}

/** One process or thread, one file of CommonJS: a sandboxed preload must be that. */
async function buildProcess(entry: string): Promise<void> {
  const name = path.basename(entry, '.ts');
  const external = [/^node:/, ...NATIVE, ...ABSENT];
  await build({
    configFile: false,
    root: projectFolder,
    logLevel: 'warn',
    ssr: { noExternal: true, external: [...NATIVE, ...ABSENT] },
    build: {
      ssr: entry,
      outDir: 'dist/electron',
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external,
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  });
}

/** Size and time of every source: enough to see that one was touched, and cheap at each start. */
function fingerprint(): string {
  const rows = listProjectFiles()
    .filter((file) => SOURCES.test(file))
    .map((file) => {
      const { mtimeMs, size } = statSync(path.join(projectFolder, file));
      return `${file} ${Math.round(mtimeMs)} ${size}`;
    });
  return JSON.stringify(rows);
}

function isFresh(sources: string): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources;
}

/** Builds what is older than its sources. Throws with the reason when a bundle cannot be made. */
export async function ensureBuilt(): Promise<'built' | 'fresh'> {
  const sources = fingerprint();
  if (isFresh(sources)) return 'fresh';
  await buildPage();
  for (const entry of PROCESSES) await buildProcess(entry);
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, sources);
  return 'built';
}

export async function main(): Promise<number> {
  const startedMs = performance.now();
  const outcome = await ensureBuilt();
  process.stdout.write(`build: ${outcome} in ${Math.round(performance.now() - startedMs)} ms\n`);
  return 0;
}
