// Owns teaching the till how its keyboard scanner types, by one scan of a code on the screen.
import { useEffect, useRef } from 'react';
import {
  describeWedge,
  type WedgeProblem,
  wedgeTestCode,
} from '#drivers/scanner/wedge/wedgeLearning.ts';
import { type WedgeSettings, wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { usePage } from '#renderer/state/store.ts';
import {
  chooseLayout,
  keepTeaching,
  startTeaching,
  stopTeaching,
} from '#renderer/state/teaching.ts';

/** Drawn only when it is asked for: the symbols' package is larger than the page. */
function TestCode({ type }: { readonly type: 'qrcode' | 'code128' }) {
  const { t } = useSpeech();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isCurrent = true;
    void import('bwip-js/browser').then(({ default: symbols }) => {
      if (!isCurrent || canvas.current === null) return;
      const size = type === 'qrcode' ? { scale: 5 } : { scale: 2, height: 14 };
      symbols.toCanvas(canvas.current, { bcid: type, text: wedgeTestCode, padding: 6, ...size });
    });
    return () => {
      isCurrent = false;
    };
  }, [type]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={t('teach.code', { code: wedgeTestCode })}
      className="max-w-full self-center rounded-s bg-paper"
      data-testid={`teach-${type}`}
    />
  );
}

function Described({ settings }: { readonly settings: WedgeSettings }) {
  const { t } = useSpeech();
  const described = describeWedge(settings);
  return (
    <dl className="text-s" data-testid="wedge-described">
      <div className="pair">
        <dt>{t('teach.layout')}</dt>
        <dd>{t(`teach.layout.${described.layout}`)}</dd>
      </div>
      <div className="pair">
        <dt>{t('teach.prefix')}</dt>
        <dd dir="ltr">{described.prefix.join(' ') || t('teach.nothing')}</dd>
      </div>
      <div className="pair">
        <dt>{t('devices.read.suffix')}</dt>
        <dd dir="ltr">
          {described.ending === 'other'
            ? described.suffix.join(' ')
            : t(`teach.ending.${described.ending}`)}
        </dd>
      </div>
      <div className="pair">
        <dt>{t('teach.digits')}</dt>
        <dd>{t(`teach.digits.${described.digits}`)}</dd>
      </div>
    </dl>
  );
}

function Problem({ problem }: { readonly problem: WedgeProblem }) {
  const { t } = useSpeech();
  return (
    <>
      <p role="alert" className="text-s text-bad" data-testid="teach-problem">
        {t(`teach.problem.${problem.reason}`)}
      </p>
      {problem.reason === 'layout-ambiguous' && (
        <div className="flex flex-wrap gap-2">
          {problem.layouts.map((layout) => (
            <Plain key={layout} onPress={() => chooseLayout(layout)}>
              {t(`teach.layout.${layout}`)}
            </Plain>
          ))}
        </div>
      )}
    </>
  );
}

export function WedgeTeaching({ isManager }: { readonly isManager: boolean }) {
  const { t } = useSpeech();
  const teaching = usePage((state) => state.teaching);
  const kept = usePage((state) => state.snapshot?.wedge ?? null) as WedgeSettings | null;
  useEffect(() => stopTeaching, []);
  const isOn = teaching.state !== 'off';
  return (
    <section
      aria-label={t('teach.title')}
      className="flex flex-col gap-2 rounded-m border border-line p-3"
    >
      <h3 className="text-m font-semibold">{t('teach.title')}</h3>
      {!isOn && <Described settings={kept ?? wedgeDefaults} />}
      {teaching.state === 'waiting' && (
        <>
          <p className="text-s">{t('teach.scanThis')}</p>
          <TestCode type="qrcode" />
          <TestCode type="code128" />
        </>
      )}
      {teaching.state === 'problem' && <Problem problem={teaching.problem} />}
      {teaching.state === 'learnt' && <Described settings={teaching.settings} />}
      <div className="flex flex-wrap gap-2">
        {teaching.state === 'learnt' && (
          <Plain
            look="filled"
            onPress={() => void keepTeaching(teaching.settings)}
            testId="keep-wedge"
          >
            {t('template.save')}
          </Plain>
        )}
        <Plain onPress={startTeaching} isDisabled={!isManager} testId="teach">
          {teaching.state === 'off' ? t('teach.start') : t('teach.again')}
        </Plain>
        {isOn ? (
          <Plain onPress={stopTeaching}>{t('app.undo')}</Plain>
        ) : (
          kept !== null && (
            <Plain onPress={() => void keepTeaching(null)} isDisabled={!isManager}>
              {t('teach.forget')}
            </Plain>
          )
        )}
      </div>
    </section>
  );
}
