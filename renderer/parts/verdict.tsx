// Owns the question whether a test came out right, and the answer that was kept with its time.
import { Check, X } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { confirmTest } from '#renderer/state/deviceActions.ts';
import type { DevicesView } from '#till/contract.ts';

type Kind = DevicesView['results'][number]['kind'];

export function Verdict(props: {
  readonly kind: Kind;
  readonly address: string;
  readonly devices: DevicesView;
}) {
  const { t, time } = useSpeech();
  const { kind, address } = props;
  const result = props.devices.results.find((one) => one.kind === kind && one.address === address);
  return (
    <div className="flex flex-col gap-2 rounded-m border border-line p-3">
      <p className="text-s font-semibold">{t(`devices.ask.${kind}`)}</p>
      <div className="flex gap-2">
        <Plain onPress={() => confirmTest(kind, address, true)} testId={`yes-${kind}`}>
          <Check size={20} aria-hidden />
          {t('devices.yes')}
        </Plain>
        <Plain onPress={() => confirmTest(kind, address, false)} testId={`no-${kind}`}>
          <X size={20} aria-hidden />
          {t('devices.no')}
        </Plain>
      </div>
      {result !== undefined && (
        <p
          className={`text-s ${result.isPassed ? 'text-good' : 'text-bad'}`}
          data-testid={`result-${kind}`}
        >
          {t(result.isPassed ? 'devices.passed' : 'devices.failed', { time: time(result.atMs) })}
        </p>
      )}
      {result?.isPassed === false && <p className="text-s">{t(`devices.cure.${kind}`)}</p>}
    </div>
  );
}
