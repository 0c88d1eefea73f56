// Owns the devices process: opens what core names, and passes on what the devices say.

import { assertNever } from '#drivers/assert.ts';
import type { DeviceConfiguration } from '#drivers/configuration.ts';
import type { POSPrinter } from '#drivers/printer/printer.ts';
import { openPrinter, openScanner } from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import type { CoreToDevices, DevicesToCore, MessageEnd } from '#till/deviceContract.ts';

/** Serves core until the channel closes; then every device is let go. */
export function startDeviceHost(end: MessageEnd<DevicesToCore, CoreToDevices>): void {
  let scanners: Scanner[] = [];
  let printer: POSPrinter | null = null;
  const mayStart = new Map<number, (maySend: boolean) => void>();

  function onScanner(scanner: Scanner, event: ScannerEvent): void {
    if (event.type === 'data') {
      // UPOS: one DataEvent is handled before the next is delivered, by whichever scanner.
      for (const other of scanners) other.setDataEventEnabled(false);
      end.post({ type: 'scanner.data', event: event.event });
    } else if (event.type === 'unreadable') {
      end.post({ type: 'scanner.unreadable', reason: event.reason });
    } else if (event.type === 'suppressed') {
      end.post({ type: 'scanner.suppressed', deviceId: scanner.deviceId });
    } else if (event.type === 'trace') {
      end.post({ type: 'scanner.traced', trace: event.trace });
    } else if (event.type === 'overflow') {
      end.post({ type: 'scanner.overflow' });
    } else {
      const { state, error } = event;
      end.post({ type: 'scanner.state', deviceId: scanner.deviceId, state, error });
    }
  }

  async function releaseAll(): Promise<void> {
    const old = scanners;
    const oldPrinter = printer;
    scanners = [];
    printer = null;
    await Promise.all([...old.map((scanner) => scanner.release()), oldPrinter?.close()]);
  }

  async function configure(configuration: DeviceConfiguration): Promise<void> {
    await releaseAll();
    scanners = configuration.scanners.map((scanner) => openScanner(scanner));
    for (const scanner of scanners) scanner.claim((event) => onScanner(scanner, event));
    if (configuration.printer !== null) {
      const opened = openPrinter(configuration.printer.address, configuration.printer.profileId);
      if (opened.ok) {
        const found = opened.value;
        printer = found;
        found.onStatus((status) => end.post({ type: 'printer.status', status }));
        end.post({ type: 'printer.status', status: await found.status() });
      } else {
        end.post({
          type: 'printer.status',
          status: { state: 'absent', isPaperOut: null, isCoverOpen: null, hasError: true },
        });
      }
    }
    end.post({ type: 'ready' });
  }

  async function print(message: CoreToDevices & { type: 'print' }): Promise<void> {
    const { outputId, output } = message;
    if (printer === null) {
      const progress = { state: 'blocked', reason: 'offline' } as const;
      end.post({ type: 'print.progress', outputId, progress });
      return;
    }
    const last = await printer.print(
      outputId,
      output,
      (progress) => {
        if (progress.state !== 'confirmed' && progress.state !== 'blocked') {
          end.post({ type: 'print.progress', outputId, progress });
        }
      },
      () =>
        new Promise((resolve) => {
          mayStart.set(outputId, resolve);
          end.post({ type: 'print.ready', outputId });
        }),
    );
    mayStart.delete(outputId);
    end.post({ type: 'print.progress', outputId, progress: last });
  }

  end.onMessage((message) => {
    switch (message.type) {
      case 'configure':
        void configure(message.configuration);
        return;
      case 'print':
        void print(message);
        return;
      case 'print.send':
        mayStart.get(message.outputId)?.(message.maySend);
        return;
      case 'scanner.clear':
        for (const scanner of scanners) scanner.clearInput();
        return;
      case 'scanner.enable':
        for (const scanner of scanners) scanner.setDataEventEnabled(message.isEnabled);
        return;
      case 'scanner.feedback':
        for (const scanner of scanners) {
          if (scanner.deviceId === message.deviceId) scanner.feedback(message.outcome);
        }
        return;
      case 'scanner.trace':
        for (const scanner of scanners) scanner.setTracing(message.isOn);
        return;
      case 'find':
      case 'printer.probe':
      case 'printer.watch':
      case 'printer.test':
      case 'display.show':
        return;
      default:
        assertNever(message);
    }
  });
  end.onClose(() => {
    for (const resolve of mayStart.values()) resolve(false);
    mayStart.clear();
    void releaseAll();
  });
}
