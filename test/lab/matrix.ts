// Owns the list of what the lab must show: each row of the test matrix, and each column of it.

export type MatrixColumn = 'normal' | 'bad input' | 'life cycle';

export interface MatrixCell {
  /** The first word or words of its checks' ids. */
  readonly row: string;
  readonly column: MatrixColumn;
  /** What follows the row in a check's id: `serial: ends with CR`. */
  readonly checks: readonly string[];
}

const hidRows = ['honeywell', 'symbol', 'unnumbered', 'twin'] as const;

function hidCells(name: (typeof hidRows)[number]): readonly MatrixCell[] {
  const row = `hid ${name}`;
  return [
    {
      row,
      column: 'normal',
      checks: [
        'reads 8, 12, 13 and 18 digits',
        'reads 56, 57 and 140 bytes',
        'reads 4,000 bytes',
        ...(name === 'honeywell'
          ? ['a good read is told to the scanner, and report 254 wakes it']
          : []),
      ],
    },
    {
      row,
      column: 'bad input',
      checks: [
        'a report of another id',
        'counts of 57 to 255',
        'a count of 0',
        'no AIM identifier',
        'a short report',
        'NUL within the data',
        'continued without an end',
        'the AIM identifier changes midway',
        'the answer to a command',
        ...(name === 'twin' ? ["what the vendor's collection sends is not read"] : []),
      ],
    },
    {
      row,
      column: 'life cycle',
      checks: [
        'absent at the start',
        'unplugged while idle, and plugged in again',
        'unplugged in the middle of a scan',
        'unplugged during the first commands',
        'unplugged and plugged in ten times',
        'a second device of the same model',
        'a second program reads the same device',
        'the program ends while it is open',
      ],
    },
  ];
}

const uhidCells: readonly MatrixCell[] = [
  { row: 'uhid', column: 'normal', checks: ['a scan over Bluetooth'] },
  {
    row: 'uhid',
    column: 'bad input',
    checks: ['the feature report is refused', 'the feature report is not answered'],
  },
  {
    row: 'uhid',
    column: 'life cycle',
    checks: ['destroyed and made again', 'destroyed while a feature report waits for its answer'],
  },
];

const serialCells: readonly MatrixCell[] = [
  {
    row: 'serial',
    column: 'normal',
    checks: [
      'ends with CR',
      'ends with CR LF',
      'ends with TAB',
      'between STX and ETX',
      'ends with silence',
      'begins with an AIM identifier',
    ],
  },
  {
    row: 'serial',
    column: 'bad input',
    checks: [
      'half a frame, a pause, the rest',
      'two scans in one chunk',
      '10 kB without a suffix',
      'NUL and 0xFF',
      'CR twice',
      'read without its parity',
      'the echo of a modem probe',
    ],
  },
  {
    row: 'serial',
    column: 'life cycle',
    checks: [
      'unplugged 0 ms after it opened',
      'unplugged 5 ms after it opened',
      'unplugged 20 ms after it opened',
      'unplugged 200 ms after it opened',
      'unplugged while the till does not read',
      'back as another node, its own taken by another device',
      'another program has the port',
    ],
  },
];

/** What needs a window that loses the keys is tested in test/e2e/screensFocus.test.ts. */
const wedgeCells: readonly MatrixCell[] = [
  {
    row: 'wedge',
    column: 'normal',
    checks: [
      'an EAN, ended by Enter',
      'an EAN, ended by Tab',
      'a US scanner: an AIM identifier and letters',
      'a Turkish Q scanner',
    ],
  },
  {
    row: 'wedge',
    column: 'bad input',
    checks: [
      'an EAN without an end',
      'digits on the number pad',
      'Alt codes',
      'Caps Lock is on',
      'a person types, 60 to 150 ms a key',
      'a person types, then a scan comes',
    ],
  },
];

const printerCells: readonly MatrixCell[] = [
  {
    row: 'printer',
    column: 'normal',
    checks: [
      'a job, and status by DLE EOT',
      'a sale through the print queue, read back byte for byte',
    ],
  },
  {
    row: 'printer',
    column: 'bad input',
    checks: [
      'paper ends in the middle of a job, which goes on after the refill',
      'status answered late',
      'switched off and on in the middle of a job',
      'takes nothing more; the loop runs on, and the end has its deadline',
    ],
  },
  {
    row: 'printer',
    column: 'life cycle',
    checks: [
      'unplugged while it takes nothing more',
      'back as another node, its own taken by another printer',
      'unplugged in the middle of a job: unknown, asked, never sent again',
      'sales while it is unplugged come out once each, in order, after the replug',
    ],
  },
];

const udevCells: readonly MatrixCell[] = [
  {
    row: 'udev',
    column: 'normal',
    checks: [
      'without the rule nobody but root opens a HID scanner, and is told why',
      'with the rule a member of plugdev opens a HID scanner, others do not',
      'with the rule a HID scanner of any maker is for plugdev, and no keyboard is',
      'with the rule a serial scanner is for dialout, and no modem',
      'with the rule a receipt printer is for lp',
    ],
  },
];

const soakCells: readonly MatrixCell[] = [
  {
    row: 'soak',
    column: 'life cycle',
    checks: [
      'the HID scanner is unplugged while selling',
      'the serial scanner is unplugged while selling',
      'the printer is unplugged while selling',
    ],
  },
];

export const matrix: readonly MatrixCell[] = [
  ...hidRows.flatMap(hidCells),
  ...uhidCells,
  ...serialCells,
  ...wedgeCells,
  ...printerCells,
  ...udevCells,
  ...soakCells,
];

/** Every id that the matrix wants. */
export function matrixIds(): readonly string[] {
  return matrix.flatMap(({ row, checks }) => checks.map((check) => `${row}: ${check}`));
}
