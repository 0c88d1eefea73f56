// Goal: the virtual printer is no faster than the printer that it stands for.
// Method: a known number of bytes over real TCP; the paper may not be there before its time.
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';

it('takes bytes at the speed of its line', async () => {
  const printer = await startVirtualPrinter({ bytesPerSecond: 4_000 });
  onTestFinished(() => printer.close());
  const printed = new Promise<void>((resolve) => {
    printer.onEvent((event) => {
      if (event.type === 'cut') resolve();
    });
  });
  const socket = net.connect(printer.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const startedMs = performance.now();
  // 40 lines of 19 characters, then feed and cut: 804 bytes, a fifth of a second.
  socket.write(`${'nineteen characters'.slice(0, 19)}\n`.repeat(40));
  socket.write(new Uint8Array([0x1d, 0x56, 0x42, 0x00]));
  await printed;
  expect(performance.now() - startedMs).toBeGreaterThan(190);
  expect(printer.papers()[0]?.split('\n').length).toBeGreaterThan(40);
});
