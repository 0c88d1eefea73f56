// Owns opening Electron for a bench: the till's own app or any other folder, and its memory.
import { readdirSync, readFileSync } from 'node:fs';
import { _electron, type ElectronApplication } from 'playwright-core';
import { findElectron, hasScreen, sandboxSwitches } from '#tools/electronRuntime.ts';

/** Why Electron cannot be measured here, or null. */
export function whyNoElectron(): string | null {
  if (!hasScreen()) return 'no screen (start it under xvfb-run)';
  return findElectron() === null ? "Electron's runtime is not at hand" : null;
}

export function openApp(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: findElectron() ?? '',
    args: [...sandboxSwitches(), folder],
    env: { ...process.env, ...env } as Record<string, string>,
  });
}

/** Ends the app by its id when it does not end by itself. */
export async function closeApp(app: ElectronApplication): Promise<void> {
  const child = app.process();
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await app.close().catch(() => undefined);
  clearTimeout(timer);
}

function parentOf(pid: string): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces: what counts stands behind the last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? null;
  } catch {
    return null;
  }
}

/** Proportional set size of a process and all below it, in MB (smaps_rollup of the kernel). */
export function treePssMegabytes(rootPid: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const isBelow = (pid: string): boolean => {
    let current: string | null = pid;
    while (current !== null && current !== '0') {
      if (current === String(rootPid)) return true;
      current = parents.get(current) ?? null;
    }
    return false;
  };
  let kilobytes = 0;
  for (const pid of pids.filter(isBelow)) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // It ended while it was being read.
    }
  }
  return kilobytes / 1024;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
