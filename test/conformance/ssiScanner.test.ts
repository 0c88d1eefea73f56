// Goal: a scanner that speaks SSI keeps the contract of every scanner, and gets its answers.
// Method: the suite of scanner.ts over the shipped driver, on ports of this process and on a
// pseudo-terminal that serialport opens; there the far end also reads what the till answers.
import { expect, it } from 'vitest';
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import { encodeSsiScan, speakSsi } from '#drivers/virtual/ssiScanner.ts';
import { describeScanner } from '#test/conformance/scanner.ts';
import {
  benchOnFakePorts,
  benchOnPty,
  claimReady,
  listenAt,
  openForTest,
  ptyOrSkip,
} from '#test/support/scannerBenches.ts';

function ssiAt(address: string): ScannerConfiguration {
  return { type: 'ssi', baudRate: 9600, address };
}

describeScanner('SSI on ports of this process', benchOnFakePorts(ssiAt, speakSsi));
describeScanner('SSI on a pseudo-terminal', benchOnPty(ssiAt, speakSsi));

it('answers each packet on the line, and beeps when it is told to', async (context) => {
  const hand = await ptyOrSkip(context);
  const { hear } = await listenAt(hand);
  const hears = async (...expected: number[]): Promise<void> =>
    expect(await hear(expected.length)).toEqual(expected);
  const scanner = openForTest(ssiAt(hand.path));
  const labels: string[] = [];
  await claimReady(scanner, (event) => {
    if (event.type === 'data') labels.push(event.event.scanDataLabel);
  });
  const [packet = new Uint8Array()] = encodeSsiScan(Buffer.from('4006381333931'));
  const broken = packet.with(8, 0x39);
  await hand.send(broken);
  await hears(0x05, 0xd1, 0x04, 0x00, 0x01, 0xff, 0x25);
  scanner.setDataEventEnabled(true);
  await hand.send(packet);
  await hears(0x04, 0xd0, 0x04, 0x00, 0xff, 0x28);
  expect(labels).toEqual(['4006381333931']);
  scanner.feedback('bad');
  await hears(0x05, 0xe6, 0x04, 0x00, 0x10, 0xff, 0x01);
});
