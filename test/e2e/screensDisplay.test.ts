// Goal: a customer display is set up by anybody. Method: the product's own screen in real Chromium
// on a till that lives in the page.
import { describe, expect, it } from 'vitest';
import {
  callsOf,
  DEVICES,
  openAsManager,
  textOf,
  useScreens,
} from '#test/support/screensBrowser.ts';
import { faultsOf } from '#test/support/screensJudge.ts';
import type { MethodInput } from '#till/contract.ts';
import { en } from '#words/en.ts';

useScreens();

describe('a customer display', () => {
  it('is typed by its port, told why it is away, and shows a test text', async () => {
    const page = await openAsManager({}, DEVICES);
    const field = page.getByLabel(en['devices.display']);
    await field.fill('/dev/ttyUSB1?baud=9600');
    await field.press('Enter');
    await expect.poll(() => callsOf(page, 'devices.save')).toHaveLength(1);
    const [call] = (await callsOf(page, 'devices.save')) as MethodInput<'devices.save'>[];
    const lineDisplay = { address: 'serial:/dev/ttyUSB1?baud=9600', columns: 20 };
    expect(call?.configuration.lineDisplay).toEqual(lineDisplay);
    await expect.poll(() => field.inputValue()).toBe('');
    if (call === undefined) throw new Error('nothing was saved');
    await page.evaluate(
      ({ configuration }) =>
        window.till.patchDevices({
          configuration,
          display: { state: 'absent', problem: { key: 'device.no-hardware', args: {} } },
        }),
      call,
    );
    await page.getByTestId('test-display').scrollIntoViewIfNeeded();
    expect(await textOf(page, 'devices')).toContain(en['device.no-hardware']);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByTestId('test-display').click();
    await expect.poll(() => callsOf(page, 'devices.test')).toEqual([{ test: 'display' }]);
    await page.context().close();
  });
});
