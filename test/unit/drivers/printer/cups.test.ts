// Goal: what CUPS is asked and what its answers mean, and which printers are found. Method: answers
// of the programs written down, replayed; the same programs run in test/conformance/spooler.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Commands, systemCommands } from '#drivers/printer/wire/commands.ts';
import { cupsTransport } from '#drivers/printer/wire/cups.ts';
import { findPrinters, systemSearch } from '#drivers/printer/wire/findPrinters.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';
import { type RecordedCommand, recordedCommands } from '#test/support/recordedCommands.ts';

const asking = { program: 'lpstat', args: ['-p', 'Receipts'] };
const idle = 'printer Receipts is idle.  enabled since Fri Nov 27 12:00:00 2026\n';
const good: RecordedCommand = {
  ...asking,
  outcome: { exitCode: 0, output: idle, complaint: '' },
};
const printing = { program: 'lp', args: ['-d', 'Receipts', '-o', 'raw', '-t', 'Puan'] };
const accepted = { exitCode: 0, output: 'request id is Receipts-7 (0 file(s))\n', complaint: '' };

async function session(...script: readonly RecordedCommand[]) {
  const commands = recordedCommands(script);
  const timers = createManualTimers();
  const opened = await cupsTransport('Receipts', commands, timers).connect(1000);
  if (!opened.ok) throw new Error(opened.error.detail);
  return { commands, timers, connection: opened.value };
}

describe('CUPS', () => {
  it('takes one raw job a session, whole', async () => {
    const { commands, timers, connection } = await session(good, {
      ...printing,
      outcome: accepted,
    });
    expect(await connection.write(Uint8Array.of(1, 2))).toBeNull();
    expect(await connection.write(Uint8Array.of(3))).toBeNull();
    expect(await connection.end(1000)).toBeNull();
    expect(commands.inputs.map((input) => [...input])).toEqual([[], [1, 2, 3]]);
    expect(timers.pendingCount()).toBe(0);
    expect(await connection.write(Uint8Array.of(4))).toMatchObject({ code: 'closed' });
  });

  it('makes no job for a session without bytes', async () => {
    const { connection } = await session(good);
    expect(await connection.end(1000)).toBeNull();
    expect(await connection.end(1000)).toBeNull();
  });

  it('tells what lp complains of', async () => {
    const complaint = 'lp: Error - unable to access the job';
    const refused = { exitCode: 1, output: '', complaint };
    const { connection } = await session(good, { ...printing, outcome: refused });
    await connection.write(Uint8Array.of(1));
    expect(await connection.end(1000)).toEqual({ code: 'offline', detail: `lp: ${complaint}` });
  });

  it('is lost when lp ends by itself', async () => {
    const refused = { exitCode: 1, output: '', complaint: 'lp: no' };
    const { connection, timers } = await session(good, {
      ...printing,
      outcome: refused,
      endsEarly: true,
    });
    const losses: string[] = [];
    connection.onLost((error) => losses.push(error.detail));
    expect(await connection.write(Uint8Array.of(1))).toMatchObject({ code: 'offline' });
    await timers.advance(0);
    expect(losses).toEqual(['lp: lp: no']);
    expect(await connection.end(1000)).toMatchObject({ code: 'offline' });
  });

  it('kills an lp that hangs: what it has not been given whole is not printed', async () => {
    const { commands, timers, connection } = await session(good, { ...printing, outcome: null });
    await connection.write(Uint8Array.of(1));
    const ended = connection.end(2000);
    await timers.advance(2000);
    expect(await ended).toMatchObject({ code: 'timeout' });
    expect(commands.killCount()).toBe(1);
  });

  it('kills an lp whose job was abandoned: the end of its input would print a part', async () => {
    const { commands, connection } = await session(good, { ...printing, outcome: accepted });
    await connection.write(Uint8Array.of(1));
    const closed = { code: 'closed', detail: 'the till closed the printer' } as const;
    connection.abandon?.(closed);
    expect(await connection.end(1000)).toEqual(closed);
    expect(commands.killCount()).toBe(1);
    expect(await connection.write(Uint8Array.of(2))).toEqual(closed);
  });

  it('kills an lp that has not taken the last bytes', async () => {
    const commands = recordedCommands([good, { ...printing, outcome: accepted }]);
    let isEnded = false;
    const held: Commands = {
      start(program, args) {
        const started = commands.start(program, args);
        if (program !== 'lp') return started;
        const endInput = () => {
          isEnded = true;
        };
        return { ...started, endInput, write: () => new Promise(() => undefined) };
      },
    };
    const opened = await cupsTransport('Receipts', held, createManualTimers()).connect(1000);
    if (!opened.ok) throw new Error(opened.error.detail);
    void opened.value.write(Uint8Array.of(1));
    expect(await opened.value.end(1000)).toMatchObject({ code: 'timeout' });
    expect(commands.killCount()).toBe(1);
    expect(isEnded).toBe(false);
  });

  it.each([
    ['a queue that does not exist', 1, '', 'no-hardware'],
    [
      'a queue that is stopped',
      0,
      'printer Receipts disabled since Fri Nov 27 -\n\tPaused\n',
      'offline',
    ],
  ])('refuses %s before any job', async (_what, exitCode, output, code) => {
    const outcome = { exitCode, output, complaint: 'lpstat: Invalid destination name' };
    const commands = recordedCommands([{ ...asking, outcome }]);
    const transport = cupsTransport('Receipts', commands, createManualTimers());
    expect(await transport.connect(1000)).toMatchObject({ ok: false, error: { code } });
  });

  it('says so where there is no CUPS', async () => {
    const timers = createManualTimers();
    const commands = { start: () => systemCommands.start('no-such-program-at-all', []) };
    const opened = await cupsTransport('Receipts', commands, timers).connect(1000);
    expect(opened).toMatchObject({ ok: false, error: { code: 'no-hardware' } });
    if (!opened.ok) expect(opened.error.detail).toContain('ENOENT');
  });
});

const asked = (program: string, args: readonly string[], output: string): RecordedCommand => ({
  program,
  args,
  outcome: { exitCode: 0, output, complaint: '' },
});

describe('finding printers', () => {
  it('lists USB printers with their problem, and queues that take jobs', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no /sys, and few may make links');
    const root = await mkdtemp(join(tmpdir(), 'puan-sys-'));
    const device = join(root, 'devices/1-2');
    await mkdir(join(device, '1-2:1.0'), { recursive: true });
    await writeFile(join(device, 'idVendor'), '0fe6\n');
    await writeFile(join(device, 'idProduct'), '811e\n');
    await mkdir(join(root, 'class/usbmisc/lp3'), { recursive: true });
    await writeFile(join(root, 'class/usbmisc/lp3/uevent'), 'DEVNAME=usb/lp3\n');
    await symlink(join(device, '1-2:1.0'), join(root, 'class/usbmisc/lp3/device'));
    const queues =
      'Receipts accepting requests since Fri\nOld not accepting requests since Fri -\n\tReason\n';
    const found = await findPrinters({
      ...systemSearch,
      platform: 'linux',
      commands: recordedCommands([asked('lpstat', ['-a'], queues)]),
      folders: { sysFolder: root, devFolder: '/dev' },
      mayOpen: () => Promise.resolve(false),
    });
    await rm(root, { recursive: true });
    const none = { path: null, vendorId: null, productId: null, serialNumber: null, problem: null };
    expect(found).toEqual([
      {
        kind: 'printer-usb',
        address: 'usb:0fe6:811e@1-2',
        name: '0fe6:811e',
        path: '/dev/usb/lp3',
        vendorId: '0fe6',
        productId: '811e',
        serialNumber: null,
        problem: 'permission',
      },
      { ...none, kind: 'printer-spooler', address: 'spooler:Receipts', name: 'Receipts' },
    ]);
  });

  it('finds none, and no fault, where there is neither USB nor CUPS', async () => {
    const commands = { start: () => systemCommands.start('no-such-program-at-all', []) };
    const search = { ...systemSearch, commands, platform: 'darwin' } as const;
    expect(await findPrinters(search)).toEqual([]);
  });

  it('reads what PowerShell says on Windows', async () => {
    const answer = {
      printers: [{ Name: 'Fiş', DriverName: 'Generic / Text Only' }],
      usb: [
        { FriendlyName: 'USB Printing Support', InstanceId: 'USB\\VID_04B8&PID_0E15\\J5AF01' },
        { FriendlyName: null, InstanceId: 'SWD\\something' },
      ],
    };
    const seen: string[] = [];
    const replayed = {
      start(program: string, args: readonly string[]) {
        seen.push(program);
        const wanted = asked(program, args, JSON.stringify(answer));
        return recordedCommands([wanted]).start(program, args);
      },
    };
    const search = { ...systemSearch, commands: replayed, platform: 'win32' } as const;
    expect(await findPrinters(search)).toMatchObject([
      { kind: 'printer-usb', address: 'usbprint:04b8:0e15:J5AF01', name: 'USB Printing Support' },
      { kind: 'printer-spooler', address: 'spooler:Fiş', name: 'Fiş (Generic / Text Only)' },
    ]);
    expect(seen).toEqual(['powershell']);
  });

  it('says that Windows could not be asked', async () => {
    const commands = { start: () => systemCommands.start('no-such-program-at-all', []) };
    const search = { ...systemSearch, commands, platform: 'win32' } as const;
    expect(await findPrinters(search)).toBeNull();
  });
});
