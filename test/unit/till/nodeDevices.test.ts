// Goal: a devices process whose core is gone lets go of its devices and ends at once.
// Method: the shipped process under Node, set to a printer that listens; its channel is closed.
import { fork } from 'node:child_process';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { projectFolder } from '#tools/project.ts';

/** Node's own start is in it on a busy computer, any wait for a device is not. */
const END_MS_MAX = 8_000;

async function startDevices() {
  const printer = await startVirtualPrinter();
  onTestFinished(() => printer.close());
  const child = fork(path.join(projectFolder, 'till/nodeDevices.ts'), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => void child.once('exit', resolve));
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: DevicesToCore) => void (message.type === 'ready' && resolve()));
  });
  const wanted = { address: printer.address, profileId: 'epson-80', capabilities: null };
  const configuration = { scanners: [], printer: wanted, lineDisplay: null };
  child.send({ type: 'configure', configuration } satisfies CoreToDevices);
  return { child, ready, ended };
}

function within(ended: Promise<number | null>): Promise<number | null | 'still there'> {
  const late = new Promise<'still there'>((resolve) => {
    const timer = setTimeout(() => resolve('still there'), END_MS_MAX);
    onTestFinished(() => clearTimeout(timer));
  });
  return Promise.race([ended, late]);
}

it('ends when its core goes after everything was set', async () => {
  const { child, ready, ended } = await startDevices();
  await ready;
  child.disconnect();
  expect(await within(ended)).toBe(0);
});

it('ends when its core goes while the printer is being opened', async () => {
  const { child, ended } = await startDevices();
  child.disconnect();
  expect(await within(ended)).toBe(0);
});
