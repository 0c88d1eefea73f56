// Goal: a HID POS scanner keeps the contract of every scanner, whichever layout its maker chose.
// Method: the suite of scanner.ts over the shipped driver, on HID devices of this process: both
// captured layouts and an unnumbered report by descriptor, and both captured ones by guess.
import { createFakeHid, type FakeHid } from '#drivers/fake/hid.ts';
import { systemTimers } from '#drivers/timers.ts';
import { createFakeHidScanner, type HidModel, hidModels } from '#drivers/virtual/hidScanner.ts';
import { describeScanner, type ScannerBench } from '#test/conformance/scanner.ts';
import { scannerBench } from '#test/support/scannerBenches.ts';

const identity = {
  vendorId: '0c2e',
  productId: '1007',
  serialNumber: 'SN1',
  usbPlace: '1-2',
  name: 'Scanner',
};

function benchOn(system: FakeHid, model: HidModel): ScannerBench {
  const hand = createFakeHidScanner(system, model, identity);
  const address = 'usb:0c2e:1007:SN1';
  return scannerBench({ type: 'hid', address, commands: 'honeywell' }, hand, { hid: system });
}

for (const model of hidModels) {
  describeScanner(`HID POS of this process, ${model} layout`, async () =>
    benchOn(createFakeHid(systemTimers), model),
  );
}

for (const model of ['honeywell', 'symbol'] as const) {
  describeScanner(`HID POS of this process, ${model} layout without its descriptor`, async () => {
    const system = createFakeHid(systemTimers);
    system.hideDescriptors();
    return benchOn(system, model);
  });
}
