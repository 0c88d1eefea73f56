// Owns a screen for tests where there is none: a virtual X server, for as long as they run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Display {
  close(): void;
}

/** Points DISPLAY at a fresh Xvfb. Null when this machine needs none, or has no Xvfb. */
export async function openDisplay(): Promise<Display | null> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] !== undefined) return null;
  const server = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp', '-ac'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const number = await Promise.race([
    once(server.stdout, 'data').then(([data]) => String(data).trim()),
    once(server, 'error').then(() => null),
    once(server, 'exit').then(() => null),
  ]);
  if (number === null) return null;
  process.env['DISPLAY'] = `:${number}`;
  return {
    close() {
      delete process.env['DISPLAY'];
      server.kill();
    },
  };
}
