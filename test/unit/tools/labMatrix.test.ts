// Goal: the lab shows every row and column of its test matrix. Method: the matrix is compared with
// the checks that exist, and with the rows that a till's devices have, without booting anything.
import { describe, expect, it } from 'vitest';
import { allChecks } from '#test/lab/allChecks.ts';
import { type MatrixColumn, matrix, matrixIds } from '#test/lab/matrix.ts';
import { main } from '#tools/lab.ts';
import { missingForLab } from '#tools/labMachine.ts';

const columns: readonly MatrixColumn[] = ['normal', 'bad input', 'life cycle'];
const deviceRows = [
  'hid honeywell',
  'hid symbol',
  'hid unnumbered',
  'hid twin',
  'uhid',
  'serial',
  'printer',
];

describe('the lab', () => {
  it('has one check for each entry of the matrix, and no other', () => {
    const ids = allChecks.map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(matrixIds()));
    expect([new Set(ids).size, matrixIds().length]).toEqual([ids.length, ids.length]);
  });

  it.each(deviceRows)('covers every column of %s', (row) => {
    const filled = matrix.filter((cell) => cell.row === row && cell.checks.length > 0);
    expect(filled.map(({ column }) => column)).toEqual(columns);
  });

  it('covers the wedge, the rights of users, and the soak of each device', () => {
    const rows = new Set(matrix.map(({ row }) => row));
    expect([...rows].filter((row) => !deviceRows.includes(row))).toEqual(['wedge', 'udev', 'soak']);
  });

  it('says what is missing, and how to get it', (context) => {
    if (process.platform !== 'linux') return context.skip('the lab runs on Linux');
    const [first = ''] = missingForLab(() => false);
    expect(first).toMatch(/apt-get/);
    expect(missingForLab(() => true).join()).not.toContain('Not installed');
  });

  it('boots nothing for a command line that it does not understand', async () => {
    expect(await main(['--fast'])).toBe(2);
  });
});
