// Owns the column that tests a printer: what it says of itself, live, and slips to look at.
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { PageQuestion } from '#renderer/parts/pageQuestion.tsx';
import { Verdict } from '#renderer/parts/verdict.tsx';
import { probePrinter, testPrinter } from '#renderer/state/deviceActions.ts';
import type { DevicesView } from '#till/contract.ts';
import type { Key } from '#words/en.ts';

const tests = ['ruler', 'codePages', 'cut', 'drawer'] as const;

/** One thing that the printer can say: fine, not fine, or nothing at all. */
function Bit(props: { readonly name: string; readonly isBad: boolean | null; readonly text: Key }) {
  const { t } = useSpeech();
  const { isBad } = props;
  const look =
    isBad === null
      ? { Icon: CircleHelp, tone: 'text-soft', text: t('devices.bit.unknown') }
      : isBad
        ? { Icon: CircleAlert, tone: 'text-bad', text: t(props.text) }
        : { Icon: CircleCheck, tone: 'text-good', text: t('devices.bit.fine') };
  return (
    <div className="pair border-b border-line py-1">
      <dt>{props.name}</dt>
      <dd className={`flex items-center gap-2 font-semibold ${look.tone}`}>
        <look.Icon size={18} aria-hidden />
        {look.text}
      </dd>
    </div>
  );
}

function StatusBits({ printer }: { readonly printer: DevicesView['printer'] }) {
  const { t } = useSpeech();
  const { isDrawerPinHigh } = printer;
  return (
    <section aria-label={t('devices.bits')} aria-live="polite">
      <dl className="text-s">
        <Bit name={t('devices.paper')} isBad={printer.isPaperOut} text="devices.bit.paperOut" />
        <Bit
          name={t('devices.nearEnd')}
          isBad={printer.isPaperNearEnd}
          text="devices.bit.nearEnd"
        />
        <Bit name={t('devices.cover')} isBad={printer.isCoverOpen} text="devices.bit.open" />
        <Bit
          name={t('devices.error')}
          isBad={printer.hasError}
          text={
            printer.errorCause === null
              ? 'devices.bit.error'
              : `devices.bit.error.${printer.errorCause}`
          }
        />
        <div className="pair border-b border-line py-1">
          <dt>{t('devices.drawerPin')}</dt>
          <dd className="font-semibold">
            {isDrawerPinHigh === null
              ? t('devices.bit.unknown')
              : t(isDrawerPinHigh ? 'devices.bit.high' : 'devices.bit.low')}
          </dd>
        </div>
      </dl>
      {printer.bytes !== null && (
        <p className="mt-1 font-mono text-s text-soft" dir="ltr" data-testid="status-bytes">
          {printer.bytes}
        </p>
      )}
    </section>
  );
}

function Capabilities({ devices, isManager }: { devices: DevicesView; isManager: boolean }) {
  const { t, words } = useSpeech();
  const { probeProblem } = devices;
  const capabilities = devices.configuration.printer?.capabilities ?? null;
  return (
    <div className="flex flex-col gap-1">
      <Plain
        onPress={probePrinter}
        isDisabled={!isManager || devices.isProbing}
        testId="probe-printer"
      >
        {devices.isProbing ? t('devices.probing') : t('devices.probe')}
      </Plain>
      {probeProblem !== null && (
        <p role="alert" className="text-s text-bad" data-testid="probe-problem">
          {words(probeProblem)}
        </p>
      )}
      <p className="text-s text-soft">
        {capabilities === null
          ? t('devices.notProbed')
          : t(`devices.ack.${capabilities.ackLevel}`, {
              model: capabilities.modelName ?? t('devices.printerItself'),
            })}
      </p>
    </div>
  );
}

export function PrinterTest({ devices, isManager }: { devices: DevicesView; isManager: boolean }) {
  const { t, words } = useSpeech();
  const { printer } = devices.configuration;
  const { lastTest } = devices;
  const { problem } = devices.printer;
  if (printer === null) {
    return (
      <>
        <h2 className="text-l font-semibold">{t('devices.printer')}</h2>
        <p className="text-m text-soft">{t('devices.noPrinter')}</p>
      </>
    );
  }
  return (
    <>
      <h2 className="text-l font-semibold">{t('devices.printer')}</h2>
      {problem !== null && (
        <p role="alert" className="text-s text-bad" data-testid="printer-problem">
          {words(problem)}
        </p>
      )}
      <StatusBits printer={devices.printer} />
      <p className="text-s text-soft">{t('devices.pullPaper')}</p>
      <Capabilities devices={devices} isManager={isManager} />
      <div className="grid grid-cols-2 gap-2">
        {tests.map((test) => (
          <Plain
            key={test}
            onPress={() => testPrinter(test)}
            isDisabled={lastTest?.state === 'running'}
            testId={`test-${test}`}
          >
            {t(`devices.test.${test}`)}
          </Plain>
        ))}
      </div>
      {lastTest !== null && (
        <>
          <p role="status" className="text-s" data-testid="test-state">
            {t(`devices.testState.${lastTest.state}`)}
          </p>
          {lastTest.state !== 'running' &&
            lastTest.state !== 'blocked' &&
            (lastTest.test === 'codePages' ? (
              <PageQuestion printer={printer} devices={devices} />
            ) : (
              <Verdict kind={lastTest.test} address={printer.address} devices={devices} />
            ))}
        </>
      )}
      {devices.printer.isPaperOut !== null && (
        <Verdict kind="paper" address={printer.address} devices={devices} />
      )}
    </>
  );
}
