// Owns the device screen: find, choose and test, live, without selling anything by it.
import { useEffect } from 'react';
import { useSpeech } from '#renderer/format.ts';
import { DeviceList } from '#renderer/parts/deviceList.tsx';
import { PrinterTest } from '#renderer/parts/printerTest.tsx';
import { ScannerTest } from '#renderer/parts/scannerTest.tsx';
import { endWatch, WATCH_EVERY_MS, watchDevices } from '#renderer/state/deviceActions.ts';
import { usePage } from '#renderer/state/store.ts';
import type { SessionSnapshot } from '#till/contract.ts';

export function Devices({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useSpeech();
  const devices = usePage((state) => state.devices);
  const isOpen = usePage((state) => state.connection === 'open');
  useEffect(() => {
    if (!isOpen) return;
    void watchDevices();
    const timer = setInterval(() => void watchDevices(), WATCH_EVERY_MS);
    return () => {
      clearInterval(timer);
      endWatch();
    };
  }, [isOpen]);
  if (devices === null) {
    return <main className="card place-content-center text-center">{t('devices.loading')}</main>;
  }
  const isManager = snapshot.operator?.role === 'manager';
  return (
    <main className="columns-sale" data-testid="devices">
      <section aria-label={t('devices.title')} className="card overflow-y-auto">
        <DeviceList devices={devices} isManager={isManager} />
      </section>
      <section aria-label={t('devices.scanner')} className="card overflow-y-auto">
        <ScannerTest devices={devices} isManager={isManager} />
      </section>
      <section aria-label={t('devices.printer')} className="card overflow-y-auto">
        <PrinterTest devices={devices} isManager={isManager} />
      </section>
    </main>
  );
}
