// Owns the till without Electron: core under plain Node, kept running, and its address.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { CORE_RESTART, restartDelays } from '#electron/restart.ts';
import type { Listening } from '#till/nodeCore.ts';
import type { Family } from '#tools/family.ts';
import { projectFolder } from '#tools/project.ts';

/**
 * Starts core and its loopback server; resolves with what a browser opens. Restarted when it dies.
 */
export function startBrowserTill(family: Family, env: NodeJS.ProcessEnv): Promise<string> {
  const token = randomBytes(32).toString('hex');
  const nextDelay = restartDelays(CORE_RESTART);
  // The first start takes a free port; the page that is open looks for core there again.
  let port = '0';

  return new Promise((resolve) => {
    function start(): void {
      const startedMs = performance.now();
      const child = family.fork('till/nodeCore.ts', [], {
        serialization: 'advanced',
        env: {
          ...env,
          PUAN_PAGE_FOLDER: path.join(projectFolder, 'dist/renderer'),
          PUAN_LOOPBACK_TOKEN: token,
          PUAN_LOOPBACK_PORT: port,
        },
      });
      child.once('message', (message: Listening) => {
        port = new URL(message.address).port;
        resolve(message.address);
      });
      child.once('exit', () => {
        if (!family.isEnding()) setTimeout(start, nextDelay(performance.now() - startedMs));
      });
    }
    start();
  });
}
