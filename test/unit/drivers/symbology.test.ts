// Goal: the AIM identifier never becomes part of a number, and an answer never becomes a scan.
// Method: identifiers that real scanners sent (Itp.HidBarcodeScanner captures) into the parser.
import { expect, it } from 'vitest';
import { parseFrame } from '#drivers/scanner/symbology.ts';

it.each([
  [']E0306030209223', ']E0', '306030209223'],
  [']Xg306030209223', ']Xg', '306030209223'],
  [']C18018952110123456700015', ']C1', '8018952110123456700015'],
  ['4006381333931', null, '4006381333931'],
  [']', null, ']'],
  ['https://x.example/8018/1', null, 'https://x.example/8018/1'],
])('%s has the identifier %s', (frame, scanDataType, scanDataLabel) => {
  expect(parseFrame(frame)).toEqual({
    type: 'scan',
    data: { scanData: frame, scanDataLabel, scanDataType },
  });
});

it('knows an answer to a command, and an identifier without a symbol', () => {
  expect(parseFrame(']Z6PREBK2995ENA')).toEqual({ type: 'answer' });
  expect(parseFrame(']E0')).toEqual({ type: 'empty' });
});
