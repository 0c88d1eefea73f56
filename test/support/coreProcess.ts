// Owns driving a core process from a test: start it, talk to it as a page does, kill it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { assert } from '#loyalty/assert.ts';
import { type Channel, connect, type ToPage, type ToTill } from '#till/channel.ts';
import { CONTRACT_VERSION, type SessionSnapshot } from '#till/contract.ts';
import { DATA_FOLDER_VARIABLE } from '#till/environment.ts';
import { childEnd } from '#till/messageEnds.ts';

export interface CoreProcess {
  readonly child: ChildProcess;
  readonly channel: Channel;
  /** The newest snapshot that core sent. */
  snapshot(): Promise<SessionSnapshot>;
  /** Resolves with the first snapshot for which `isWanted` holds. */
  until(isWanted: (snapshot: SessionSnapshot) => boolean): Promise<SessionSnapshot>;
  /** SIGKILL; resolves once the process is gone. */
  kill(): Promise<void>;
}

/** Starts core on a folder that was set up, with the real clock. */
export async function startCoreProcess(
  dataFolder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CoreProcess> {
  const child = fork(path.join(import.meta.dirname, 'coreChild.ts'), {
    serialization: 'advanced',
    env: { ...process.env, ...env, [DATA_FOLDER_VARIABLE]: dataFolder },
  });
  const connected = await connect(childEnd<ToTill, ToPage>(child), CONTRACT_VERSION);
  assert(connected.ok, connected.ok ? '' : JSON.stringify(connected.error));
  const channel = connected.value;
  const waiting = new Set<(snapshot: SessionSnapshot) => void>();
  channel.on('session.changed', (changed) => {
    for (const look of waiting) look(changed);
  });

  async function snapshot(): Promise<SessionSnapshot> {
    const answer = await channel.call('session.get', {});
    assert(answer.ok, 'a session can always be read');
    return answer.value;
  }

  return {
    child,
    channel,
    snapshot,
    until: async (isWanted) => {
      const found = new Promise<SessionSnapshot>((resolve, reject) => {
        function look(current: SessionSnapshot): void {
          if (!isWanted(current)) return;
          waiting.delete(look);
          resolve(current);
        }
        waiting.add(look);
        channel.onClose(() => reject(new Error('core went away while it was waited for')));
      });
      const current = await snapshot();
      return isWanted(current) ? current : found;
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
