// Owns the lab's checks of packaging/70-puan.rules: what a user who is not root may open.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import type { Check } from '#test/lab/check.ts';
import { plugIn } from '#test/lab/devices.ts';
import { hidDevice } from '#test/lab/hidChecks.ts';
import { datalogic, epson, honeywell, otherKeyboard, otherMaker } from '#test/lab/identities.ts';
import { printerDevice, slowPrinter } from '#test/lab/labPrinter.ts';
import type { OpenedAs } from '#test/lab/openChild.ts';
import { serialDevice } from '#test/lab/serialChecks.ts';
import { addressOf } from '#test/lab/system.ts';
import { keyboardDevice } from '#test/lab/wedgeChecks.ts';
import { projectFolder } from '#tools/project.ts';

const RULES = 'packaging/70-puan.rules';
const INSTALLED = '/run/udev/rules.d/70-puan.rules';
const NOBODY = 65_534;
const NO_RIGHTS = { gid: 0, others: 0 };

const hid = { type: 'hid', address: addressOf(honeywell), commands: 'none' } as const;
const serial = { ...serialScannerDefaults, address: addressOf(datalogic) };

function groupId(name: string): string {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`));
  const id = line?.split(':')[2];
  assert.ok(id !== undefined, `there is a group ${name}`);
  return id;
}

/** The project may lie in a folder that only its owner enters; this changes the guest's memory. */
function letAnybodyRead(): void {
  for (const file of [projectFolder, process.execPath]) {
    for (let folder = file; folder !== '/'; folder = path.dirname(folder)) {
      execFileSync('chmod', ['o+rx', folder]);
    }
  }
}

/** What becomes of opening a device as a user who is in these groups only. */
async function openAs(groups: readonly string[], wanted: OpenedAs): Promise<string> {
  letAnybodyRead();
  // A node is there a moment before its rule has been applied.
  execFileSync('udevadm', ['settle']);
  const membership = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;
  const child = spawn(
    'setpriv',
    [
      ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, membership],
      ...[process.execPath, ...process.execArgv],
      path.join(import.meta.dirname, 'openChild.ts'),
      JSON.stringify(wanted),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, 'exit');
  return said.trim();
}

function reload(): void {
  execFileSync('udevadm', ['control', '--reload']);
}

/** As on a computer that never had the till. */
function removeRules(): void {
  for (const folder of ['/etc', '/lib', '/usr/lib', '/run']) {
    rmSync(`${folder}/udev/rules.d/70-puan.rules`, { force: true });
  }
  reload();
}

function installRules(): void {
  copyFileSync(path.join(projectFolder, RULES), INSTALLED);
  reload();
}

export const udevChecks: readonly Check[] = [
  {
    id: 'udev: without the rule nobody but root opens a HID scanner, and is told why',
    async run(lab) {
      removeRules();
      await plugIn(await hidDevice(lab, 'honeywell'), 'hidraw', honeywell);
      const groups = ['plugdev', 'dialout', 'lp'].map(groupId);
      assert.equal(await openAs(groups, { kind: 'scanner', configuration: hid }), 'not-permitted');
    },
  },
  {
    id: 'udev: with the rule a member of plugdev opens a HID scanner, others do not',
    async run(lab) {
      installRules();
      await plugIn(await hidDevice(lab, 'honeywell'), 'hidraw', honeywell);
      const wanted = { kind: 'scanner', configuration: hid } as const;
      assert.equal(await openAs([groupId('plugdev')], wanted), 'ready');
      assert.equal(await openAs([], wanted), 'not-permitted');
    },
  },
  {
    id: 'udev: with the rule a HID scanner of any maker is for plugdev, and no keyboard is',
    async run(lab) {
      installRules();
      await plugIn(await hidDevice(lab, 'honeywell', otherMaker), 'hidraw', otherMaker);
      const configuration = { ...hid, address: addressOf(otherMaker) };
      const wanted = { kind: 'scanner', configuration } as const;
      assert.equal(await openAs([groupId('plugdev')], wanted), 'ready');
      assert.equal(await openAs([], wanted), 'not-permitted');
      const node = await plugIn(await keyboardDevice(lab, otherKeyboard), 'hidraw', otherKeyboard);
      // Whoever reads a keyboard reads passwords.
      assert.deepEqual({ gid: statSync(node).gid, others: statSync(node).mode & 0o077 }, NO_RIGHTS);
    },
  },
  {
    id: 'udev: with the rule a serial scanner is for dialout, and no modem',
    async run(lab) {
      installRules();
      const node = await plugIn(await serialDevice(lab, datalogic), 'tty', datalogic);
      const wanted = { kind: 'scanner', configuration: serial } as const;
      assert.equal(await openAs([groupId('dialout')], wanted), 'ready');
      assert.notEqual(await openAs([], wanted), 'ready');
      const properties = execFileSync('udevadm', ['info', '--query=property', `--name=${node}`]);
      assert.match(properties.toString(), /^ID_MM_DEVICE_IGNORE=1$/m);
    },
  },
  {
    id: 'udev: with the rule a receipt printer is for lp',
    async run(lab) {
      installRules();
      await plugIn(await printerDevice(lab, epson, slowPrinter), 'usbmisc', epson);
      const wanted = { kind: 'printer', address: addressOf(epson) } as const;
      assert.equal(await openAs([groupId('lp')], wanted), 'ready');
      assert.notEqual(await openAs([], wanted), 'ready');
    },
  },
];
