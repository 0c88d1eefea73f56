// Owns the column that shows what a scanner really sends, live, while anything is scanned.
import { CircleAlert, CircleCheck } from 'lucide-react';
import { Switch } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Verdict } from '#renderer/parts/verdict.tsx';
import { WedgeTeaching } from '#renderer/parts/wedgeTeaching.tsx';
import { setTakesTestScans } from '#renderer/state/deviceActions.ts';
import { usePage } from '#renderer/state/store.ts';
import type { DevicesView } from '#till/contract.ts';
import { takenReadings } from '#words/takenReadings.ts';

type Read = DevicesView['reads'][number];

const controlNames: Readonly<Record<number, string>> = {
  2: 'STX',
  3: 'ETX',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  29: 'GS',
};

/** The bytes as a person can read them: control characters by their ASCII names. */
function readableText(hex: string): string {
  return hex
    .split(' ')
    .map((digits) => Number.parseInt(digits, 16))
    .map((byte) => {
      if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
      return `‹${controlNames[byte] ?? byte.toString(16).padStart(2, '0')}›`;
    })
    .join('');
}

function speedOf({ byteCount, durationMs }: Read): number | null {
  return durationMs < 1 ? null : Math.round((byteCount * 1000) / durationMs);
}

function Latest({ read }: { readonly read: Read }) {
  const { t, words } = useSpeech();
  const speed = speedOf(read);
  const isGood = read.meaning !== null && takenReadings.has(read.meaning.key);
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <section aria-label={t('devices.read.last')} className="rounded-m bg-sunk p-3">
      <p className={`flex gap-2 text-m font-semibold ${isGood ? 'text-good' : 'text-bad'}`}>
        <Icon size={22} aria-hidden className="flex-none" />
        <span data-testid="read-meaning">
          {read.meaning === null ? t('devices.read.noScan') : words(read.meaning)}
        </span>
      </p>
      <p className="mt-2 font-mono text-m break-all" dir="ltr" data-testid="read-text">
        {readableText(read.hex)}
      </p>
      <p className="mt-1 font-mono text-s break-all text-soft" dir="ltr">
        {read.hex}
      </p>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 text-s">
        <div className="pair">
          <dt>{t('devices.read.suffix')}</dt>
          <dd data-testid="read-ending">{t(`devices.ending.${read.ending}`)}</dd>
        </div>
        <div className="pair">
          <dt>{t('devices.read.bytes')}</dt>
          <dd className="tabular-nums">{read.byteCount}</dd>
        </div>
        <div className="pair">
          <dt>{t('devices.read.speed')}</dt>
          <dd className="tabular-nums">
            {speed === null ? t('devices.read.once') : t('devices.read.perSecond', { speed })}
          </dd>
        </div>
        <div className="pair">
          <dt>{t('devices.read.symbology')}</dt>
          <dd dir="ltr">{read.scanDataType ?? t('devices.read.notSent')}</dd>
        </div>
      </dl>
    </section>
  );
}

export function ScannerTest({ devices, isManager }: { devices: DevicesView; isManager: boolean }) {
  const { t, words } = useSpeech();
  const takesScans = usePage((state) => state.takesTestScans);
  const [latest, ...older] = devices.reads;
  return (
    <>
      <h2 className="text-l font-semibold">{t('devices.scanner')}</h2>
      <Switch
        isSelected={takesScans}
        onChange={setTakesTestScans}
        className="switch"
        data-testid="takes-scans"
      >
        <span className="switch-track" aria-hidden />
        {t('devices.takesScans')}
      </Switch>
      <p className="text-s text-soft">
        {takesScans ? t('devices.scanNow') : t('devices.scansSell')}
      </p>
      <div aria-live="polite" className="flex flex-col gap-2">
        {latest !== undefined && <Latest key={latest.readId} read={latest} />}
      </div>
      {latest !== undefined && (
        <Verdict
          kind={latest.deviceId === 'keyboard' ? 'wedge' : 'scanner'}
          address={latest.deviceId}
          devices={devices}
        />
      )}
      <WedgeTeaching isManager={isManager} />
      {devices.keyboardRepeats > 0 && (
        <p className="text-s text-soft" data-testid="keyboard-repeats">
          {t('devices.suppressed', { count: devices.keyboardRepeats })}
        </p>
      )}
      <ul aria-label={t('devices.read.before')} className="flex flex-col">
        {older.map((read) => (
          <li key={read.readId} className="border-b border-line py-1 text-s">
            <span className="font-mono" dir="ltr">
              {readableText(read.hex).slice(0, 40)}
            </span>
            <span className="block text-soft">
              {read.meaning === null ? t('devices.read.noScan') : words(read.meaning)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
