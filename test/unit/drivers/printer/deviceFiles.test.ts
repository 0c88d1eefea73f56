// Goal: no address writes receipts into a file of this computer. Method: real files and a FIFO,
// opened as a printer's node is, and the printer's driver on a file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { systemDeviceFiles } from '#drivers/printer/wire/deviceFiles.ts';
import { openPrinter } from '#drivers/registry.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

const PRECIOUS = '{"precious":true}';

function newFile(): string {
  const file = path.join(temporaryFolder(), 'important.json');
  writeFileSync(file, PRECIOUS);
  return file;
}

describe('a printer’s node', () => {
  it('is no file: it is refused, whole as it was', async () => {
    const file = newFile();
    expect(await systemDeviceFiles.open(file)).toMatchObject({ error: { code: 'ENODEV' } });
    expect(readFileSync(file, 'utf8')).toBe(PRECIOUS);
  });

  it('is not made where there is none', async () => {
    const file = path.join(temporaryFolder(), 'nothing');
    expect(await systemDeviceFiles.open(file)).toMatchObject({ error: { code: 'ENOENT' } });
    expect(existsSync(file)).toBe(false);
  });

  it('may be a FIFO', async (context: TestContext) => {
    const fifo = path.join(temporaryFolder(), 'lp0');
    if (spawnSync('mkfifo', [fifo]).status !== 0) context.skip('this system has no mkfifo');
    const opened = await systemDeviceFiles.open(fifo);
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) await opened.value.close();
  });

  it.each(['usb', 'serial'])('prints nothing into a file by %s:', async (kind) => {
    const file = newFile();
    const address = `${kind}:${file}`;
    const opened = openPrinter({ address, profileId: 'generic-80-mute', capabilities: null });
    // Where this system has no such way, nothing can be written either.
    if (opened.ok) {
      const progress = await opened.value.test('cut');
      expect(progress.state).not.toBe('confirmed');
      expect((await opened.value.status()).state).not.toBe('ready');
      await opened.value.close();
    }
    expect(readFileSync(file, 'utf8')).toBe(PRECIOUS);
  });
});
