// Owns the children of a tool: started, started again where that was asked for, all ended with it.
import { type ChildProcess, type ForkOptions, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '#tools/project.ts';

/** A child that has not gone by itself within this long is killed. */
const GRACE_MS = 3_000;

export interface Family {
  /** Forks a TypeScript file of the project with an IPC channel. */
  fork(file: string, args: readonly string[], options?: ForkOptions): ChildProcess;
  /** Its standard error is the caller's to pass on. */
  spawn(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess;
  /** Runs at the end, after the children are gone. */
  onEnd(task: () => Promise<void>): void;
  readonly isEnding: () => boolean;
  end(): Promise<void>;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(timer);
}

/** Ends all children when this process is asked to end, and not before. */
export function createFamily(): Family {
  const children = new Set<ChildProcess>();
  const tasks: (() => Promise<void>)[] = [];
  let ending: Promise<void> | null = null;

  function adopt(child: ChildProcess): ChildProcess {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  async function endAll(): Promise<void> {
    await Promise.all([...children].map(endChild));
    for (const task of tasks) await task();
  }

  return {
    fork: (file, args, options) =>
      adopt(
        fork(path.join(projectFolder, file), [...args], {
          cwd: projectFolder,
          execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
          ...options,
        }),
      ),
    spawn: (command, args, env) =>
      adopt(
        spawn(command, [...args], {
          cwd: projectFolder,
          env,
          stdio: ['ignore', 'inherit', 'pipe'],
        }),
      ),
    onEnd: (task) => void tasks.push(task),
    isEnding: () => ending !== null,
    end() {
      ending ??= endAll();
      return ending;
    },
  };
}

/** Resolves when the person at the terminal, or the system, wants this process to end. */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve());
    }
  });
}
