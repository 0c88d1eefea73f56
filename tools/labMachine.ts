// Owns the lab's machine: Debian's own kernel in emulation, on this computer's files (read-only).
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { capture, projectFolder } from '#tools/project.ts';

/** The unpacked kernel and the first files of the guest; removed by `npm ci`, as it should be. */
const labFolder = path.join(projectFolder, 'node_modules/.cache/puan-lab');
const guestFolder = path.join(projectFolder, 'test/lab/guest');
const kernelFolder = path.join(labFolder, 'kernel');
const archive = path.join(labFolder, 'initramfs.cpio');
const versionFile = path.join(labFolder, 'kernel-version');

/** A kernel's package is 70 MB, and 420 MB unpacked. */
const DISK_BYTES_MIN = 700_000_000;

/** Debian packages of the set-up and of the guest, which runs on this computer's files. */
const PACKAGES = ['qemu-system-x86', 'busybox-static', 'cpio', 'kmod', 'udev', 'socat'];

/** Enough to reach the disk's own modules; all others are loaded from the host's files. */
const FIRST_MODULES = ['virtio_pci', '9p', '9pnet_virtio', 'overlay'];

const SEARCHED = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:${SEARCHED}` };

function has(program: string): boolean {
  return environment.PATH.split(':').some((folder) => existsSync(`${folder}/${program}`));
}

function isInstalled(name: string): boolean {
  const told = spawnSync('dpkg', ['--status', name], { env: environment }).stdout?.toString();
  return told?.includes('Status: install ok installed') ?? false;
}

/** Runs to the end; what it printed, or a throw that says what it said. */
function run(command: string, args: readonly string[], input?: string): Buffer {
  const done = spawnSync(command, args, {
    cwd: labFolder,
    env: environment,
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return done.stdout;
  const said = done.error?.message ?? done.stderr.toString().trim();
  throw new Error(`${command} ${args.join(' ')}: ${said}`);
}

/** What keeps the lab from running on this computer, each with its cure. */
export function missingForLab(isThere: (name: string) => boolean = isInstalled): readonly string[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return [`The lab boots Debian for x86-64; this is ${process.platform} ${process.arch}.`];
  }
  if (!has('apt-get') || !has('dpkg')) {
    return [
      'The lab takes its kernel from Debian: it needs apt-get and dpkg (Debian, or its like).',
    ];
  }
  const problems: string[] = [];
  const packages = PACKAGES.filter((name) => !isThere(name));
  if (packages.length > 0) {
    const names = packages.join(' ');
    problems.push(
      `Not installed: ${names}.\n` +
        `  sudo apt-get update && sudo apt-get install --no-install-recommends ${names}`,
    );
  }
  if (!existsSync(versionFile) || !existsSync(archive)) problems.push(...missingForKernel());
  return problems;
}

function missingForKernel(): readonly string[] {
  const problems: string[] = [];
  mkdirSync(labFolder, { recursive: true });
  const { bavail, bsize } = statfsSync(labFolder);
  if (bavail * bsize < DISK_BYTES_MIN) {
    const megabytes = Math.round((bavail * bsize) / 1_000_000);
    problems.push(`${labFolder}: ${megabytes} MB are free, the lab's kernel needs 700 MB.`);
  }
  if (newestKernel() === null) {
    problems.push(
      'apt knows no linux-image-amd64: its lists are missing, or are not those of Debian.\n' +
        '  sudo apt-get update',
    );
  }
  return problems;
}

function newestKernel(): string | null {
  const listed = spawnSync('apt-cache', ['depends', 'linux-image-amd64'], { env: environment });
  return /Depends: linux-image-(\S+)/.exec(listed.stdout?.toString() ?? '')?.[1] ?? null;
}

/** Unpacks Debian's kernel, which is never installed here, and packs the guest's first files. */
export function prepareLab(): void {
  mkdirSync(labFolder, { recursive: true });
  let version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : null;
  if (version === null || !existsSync(path.join(kernelFolder, `boot/vmlinuz-${version}`))) {
    version = newestKernel();
    if (version === null) throw new Error('apt knows no linux-image-amd64');
    process.stdout.write(`lab: fetching Debian's kernel ${version}\n`);
    rmSync(kernelFolder, { recursive: true, force: true });
    run('apt-get', ['download', `linux-image-${version}`]);
    const file = readdirSync(labFolder).find((name) => name.startsWith(`linux-image-${version}_`));
    if (file === undefined) throw new Error(`apt-get left no package of linux-image-${version}`);
    run('dpkg-deb', ['-x', file, kernelFolder]);
    run('depmod', ['-b', kernelFolder, version]);
    rmSync(path.join(labFolder, file));
    writeFileSync(versionFile, `${version}\n`);
  }
  packFirstFiles(version);
}

function packFirstFiles(version: string): void {
  const root = path.join(labFolder, 'first');
  rmSync(root, { recursive: true, force: true });
  for (const folder of ['bin', 'modules', 'proc', 'dev', 'lower', 'memory', 'new']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  const busybox = run('sh', ['-c', 'command -v busybox']).toString().trim();
  copyFileSync(busybox, path.join(root, 'bin/busybox'));
  const modules = new Set<string>();
  for (const name of FIRST_MODULES) {
    const args = ['-d', kernelFolder, '-S', version, '--show-depends', name];
    const listed = run('modprobe', args).toString();
    for (const match of listed.matchAll(/^insmod (\S+)/gm)) modules.add(match[1] ?? '');
  }
  for (const file of modules) copyFileSync(file, path.join(root, 'modules', path.basename(file)));
  const order = [...modules].map((file) => path.basename(file)).join('\n');
  writeFileSync(path.join(root, 'modules/order'), `${order}\n`);
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const modulesFolder = path.join(kernelFolder, 'lib/modules');
  const place = `lab_guest=${quoted(guestFolder)}\nlab_modules=${quoted(modulesFolder)}\n`;
  writeFileSync(path.join(root, 'place'), place);
  writeFileSync(path.join(root, 'init'), readFileSync(path.join(guestFolder, 'init')), {
    mode: 0o755,
  });
  const files = run('find', [root, '-printf', '%P\\n']).toString();
  const packed = run('sh', ['-c', 'cd first && cpio -o -H newc --quiet'], files);
  writeFileSync(archive, packed);
}

export interface GuestRun {
  /** The job's exit code; null when the guest did not finish. */
  readonly exitCode: number | null;
  readonly output: string;
  /** What the job left in /run/out, by file name. */
  readonly files: ReadonlyMap<string, string>;
}

/** Boots, runs one command in the project folder as root, and ends with it. */
export async function runInGuest(
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<GuestRun> {
  const version = readFileSync(versionFile, 'utf8').trim();
  const out = mkdtempSync(path.join(labFolder, 'out-'));
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const exported = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  writeFileSync(path.join(out, 'job.env'), `job_folder=${quoted(projectFolder)}\n`);
  const line = ['env', ...exported, ...command.map(quoted)].join(' ');
  writeFileSync(path.join(out, 'job.sh'), `exec ${line}\n`);
  // Emulation always: not every machine lends its own processor, and the lab is to run on each.
  const child = spawn('qemu-system-x86_64', machine(version, out), {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const { output } = await capture(child, true);
  clearTimeout(timer);
  const files = new Map(
    readdirSync(out).map((name) => [name, readFileSync(path.join(out, name), 'utf8')]),
  );
  rmSync(out, { recursive: true });
  const code = files.get('exit-code');
  return { exitCode: code === undefined ? null : Number(code), output, files };
}

function machine(version: string, out: string): readonly string[] {
  const share = 'security_model=none,multidevs=remap';
  return [
    ...['-M', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '2048'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
    ...['-kernel', path.join(kernelFolder, `boot/vmlinuz-${version}`), '-initrd', archive],
    '-append',
    'console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off nokaslr random.trust_cpu=on',
    ...['-virtfs', `local,path=/,mount_tag=hostroot,readonly=on,${share}`],
    ...['-virtfs', `local,path=${out},mount_tag=out,${share}`],
  ];
}
