// Owns the two children, core and devices: forked, joined by ports, and started again when they
// die.
import path from 'node:path';
import {
  MessageChannelMain,
  type UtilityProcess,
  utilityProcess,
  type WebContents,
} from 'electron';
import type { HandOver } from '#electron/ports.ts';
import {
  CORE_RESTART,
  DEVICES_RESTART,
  type RestartPolicy,
  restartDelays,
} from '#electron/restart.ts';

export interface Processes {
  /** Gives a page that has just loaded its port to core. */
  attachPage(page: WebContents): void;
  stop(): void;
}

interface Child {
  readonly name: string;
  readonly script: string;
  readonly policy: RestartPolicy;
  readonly env: NodeJS.ProcessEnv;
  readonly onStart: (child: UtilityProcess) => void;
}

function log(event: string, details: string): void {
  process.stderr.write(`${new Date().toISOString()} main ${event} ${details}\n`);
}

/** Keeps one child running until it is stopped. */
function supervise(child: Child): { stop(): void } {
  const nextDelay = restartDelays(child.policy);
  let running: UtilityProcess | null = null;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedMs = performance.now();
    const forked = utilityProcess.fork(path.join(__dirname, child.script), [], {
      serviceName: `puan-${child.name}`,
      env: child.env,
      stdio: 'inherit',
    });
    running = forked;
    forked.once('exit', (code) => {
      running = null;
      if (isStopped) return;
      const delayMs = nextDelay(performance.now() - startedMs);
      log('process.gone', `process=${child.name} code=${code} restartMs=${delayMs}`);
      timer = setTimeout(start, delayMs);
    });
    child.onStart(forked);
  }

  start();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      running?.kill();
    },
  };
}

/** Starts core and devices. `coreEnvironment` is what core reads its options from. */
export function startProcesses(coreEnvironment: NodeJS.ProcessEnv): Processes {
  let core: UtilityProcess | null = null;
  let devices: UtilityProcess | null = null;
  let page: WebContents | null = null;
  let devicesSupervisor: { stop(): void } | null = null;

  const hand = (child: UtilityProcess, kind: HandOver, port: Electron.MessagePortMain): void =>
    child.postMessage(kind, [port]);

  /** Either side may be the new one: a restart of one gives both a fresh channel. */
  function joinDevices(): void {
    if (core === null || devices === null) return;
    const { port1, port2 } = new MessageChannelMain();
    hand(core, 'devices', port1);
    hand(devices, 'core', port2);
  }

  function joinPage(): void {
    if (core === null || page === null || page.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    hand(core, 'page', port1);
    page.postMessage('port', null, [port2]);
  }

  const forget = (child: UtilityProcess, clear: () => void): void => void child.once('exit', clear);

  const coreSupervisor = supervise({
    name: 'core',
    script: 'coreProcess.cjs',
    policy: CORE_RESTART,
    env: coreEnvironment,
    onStart(child) {
      core = child;
      forget(child, () => {
        core = null;
      });
      joinDevices();
      joinPage();
    },
  });
  /** Begins once the page is up: core and the page have the machine to themselves until then. */
  const startDevices = () =>
    supervise({
      name: 'devices',
      script: 'devicesProcess.cjs',
      policy: DEVICES_RESTART,
      env: process.env,
      onStart(child) {
        devices = child;
        forget(child, () => {
          devices = null;
        });
        joinDevices();
      },
    });

  return {
    attachPage(loaded) {
      page = loaded;
      joinPage();
      devicesSupervisor ??= startDevices();
    },
    stop() {
      coreSupervisor.stop();
      devicesSupervisor?.stop();
    },
  };
}
