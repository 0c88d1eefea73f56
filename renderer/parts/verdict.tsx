// Owns the question whether a test came out right, and the answer that was kept with its time.
import { Check, X } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { confirmTest } from '#renderer/state/deviceActions.ts';
import type { DevicesView } from '#till/contract.ts';

type Kind = DevicesView['results'][number]['kind'];

interface Tested {
  readonly kind: Kind;
  readonly address: string;
  readonly devices: DevicesView;
}

/** The answer that was given last, and what helps where it was a no. */
export function Kept({ kind, address, devices }: Tested) {
  const { t, time } = useSpeech();
  const result = devices.results.find((one) => one.kind === kind && one.address === address);
  const tone = result?.isPassed === true ? 'text-good' : 'text-bad';
  // There before the answer: a region that comes with its words is not read out.
  return (
    <div role="status" className="flex flex-col gap-2 text-s">
      {result !== undefined && (
        <p className={tone} data-testid={`result-${kind}`}>
          {t(result.isPassed ? 'devices.passed' : 'devices.failed', { time: time(result.atMs) })}
        </p>
      )}
      {result?.isPassed === false && <p>{t(`devices.cure.${kind}`)}</p>}
    </div>
  );
}

export function Verdict(props: Tested) {
  const { t } = useSpeech();
  const { kind, address, devices } = props;
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
      <Kept kind={kind} address={address} devices={devices} />
    </div>
  );
}
