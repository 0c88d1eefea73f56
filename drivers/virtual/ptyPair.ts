// Owns a pair of pseudo-terminals that `socat` joins: what one end is sent, the other reads.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { failure, type Result, success } from '#drivers/result.ts';

export interface PtyPair {
  /** Two links, to be opened like serial ports; gone after `close`. */
  readonly nearPath: string;
  readonly farPath: string;
  /** Ends socat: whoever has an end open sees it hang up, as at an unplug. May be called twice. */
  close(): Promise<void>;
}

export interface PtyFault {
  /** `socat-missing`: not installed. `socat-failed`: it gave up; `detail` has its own words. */
  readonly code: 'socat-missing' | 'socat-failed';
  readonly detail: string;
}

/** Socat says this once both terminals and their links are there (socat 1.7 and 1.8). */
const readyWords = 'starting data transfer loop';

/** Resolves once both links exist. Neither path may exist before. Never rejects. */
export function openPtyPair(nearPath: string, farPath: string): Promise<Result<PtyPair, PtyFault>> {
  const child = spawn(
    'socat',
    ['-d', '-d', `pty,raw,echo=0,link=${nearPath}`, `pty,raw,echo=0,link=${farPath}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return new Promise((resolve) => {
    const said: string[] = [];
    child.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'ENOENT' ? 'socat-missing' : 'socat-failed';
      resolve(failure({ code, detail: error.message }));
    });
    child.once('exit', () => resolve(failure({ code: 'socat-failed', detail: said.join('\n') })));
    createInterface(child.stderr).on('line', (line) => {
      if (said.length < 20) said.push(line);
      if (!line.includes(readyWords)) return;
      resolve(success({ nearPath, farPath, close: () => end(child, ended) }));
    });
  });
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill();
  await ended;
}
