// Owns the end-of-day page: the day's figures, what has reached head office, X and Z.
import { CloudUpload, FileText, LockKeyhole } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ProgressBar } from 'react-aria-components';
import { type Speech, useSpeech } from '#renderer/format.ts';
import { Plain, Primary } from '#renderer/parts/button.tsx';
import { showSale } from '#renderer/state/actions.ts';
import { call } from '#renderer/state/connection.ts';
import { change, usePage } from '#renderer/state/store.ts';
import type { DayReport, SessionSnapshot } from '#till/contract.ts';

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly isStrong?: boolean;
}

function Figures(props: { readonly title: string; readonly figures: readonly Figure[] }) {
  return (
    <section aria-label={props.title}>
      <h3 className="mb-1 text-s font-semibold text-soft">{props.title}</h3>
      <dl>
        {props.figures.map(({ name, value, isStrong }) => (
          <div
            key={name}
            className={`flex justify-between gap-3 border-b border-line py-1 text-m ${isStrong === true ? 'font-bold' : ''}`}
          >
            <dt>{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function moneyFigures({ t, money }: Speech, report: DayReport): Figure[] {
  return [
    { name: t('report.gross'), value: money(report.grossMinor) },
    { name: t('report.discount'), value: money(-report.discountMinor) },
    { name: t('report.total'), value: money(report.totalMinor), isStrong: true },
  ];
}

function taxFigures({ t, money }: Speech, report: DayReport): Figure[] {
  return report.taxes.map((tax) => ({
    name: t('total.tax', { taxRateBasisPoints: tax.taxRateBasisPoints }),
    value: money(tax.taxMinor),
  }));
}

function tenderFigures({ t, money }: Speech, report: DayReport): Figure[] {
  return report.tenders.map(({ tenderType, count, amountMinor }) => {
    const isKnown = tenderType === 'cash' || tenderType === 'card' || tenderType === 'voucher';
    const tender = isKnown ? t(`tender.${tenderType}`) : tenderType;
    return { name: t('report.tender.count', { tender, count }), value: money(amountMinor) };
  });
}

function countFigures({ t, points }: Speech, report: DayReport): Figure[] {
  return [
    { name: t('report.saleCount'), value: points(report.saleCount), isStrong: true },
    { name: t('report.memberSaleCount'), value: points(report.memberSaleCount) },
    { name: t('report.voidCount'), value: points(report.voidCount) },
    { name: t('report.drawerOpened'), value: points(report.drawerOpenedCount) },
  ];
}

function pointFigures({ t, points, money }: Speech, report: DayReport): Figure[] {
  return [
    { name: t('report.pointsIssued'), value: points(report.pointsIssued), isStrong: true },
    { name: t('report.pointsRedeemed'), value: points(report.pointsRedeemed), isStrong: true },
    { name: t('report.pointsReversed'), value: points(report.pointsReversed) },
    { name: t('report.redeemedValue'), value: money(report.redeemedValueMinor) },
  ];
}

function SyncProgress({ sync }: { readonly sync: SessionSnapshot['sync'] }) {
  const { t } = useSpeech();
  const { progress } = sync;
  if (progress === null) {
    return (
      <Plain
        onPress={() => void call('sync.start', {})}
        isDisabled={sync.waitingCount === 0}
        testId="sync-start"
      >
        <CloudUpload size={20} aria-hidden />
        {t('day.syncStart')}
      </Plain>
    );
  }
  const text = t('day.syncDone', { ...progress });
  return (
    <div className="flex items-end gap-3">
      <ProgressBar
        aria-label={t('day.syncProgress')}
        value={progress.doneCount}
        maxValue={Math.max(1, progress.totalCount)}
        valueLabel={text}
        className="min-w-0 flex-1"
      >
        {({ percentage }) => (
          <>
            <p className="mb-1 text-s text-soft tabular-nums">{text}</p>
            <div className="h-3 overflow-hidden rounded-full bg-sunk">
              <div className="h-full bg-brand" style={{ width: `${percentage ?? 0}%` }} />
            </div>
          </>
        )}
      </ProgressBar>
      <Plain onPress={() => void call('sync.stop', {})} testId="sync-stop">
        {t('day.syncStop')}
      </Plain>
    </div>
  );
}

function HeadOffice({ sync }: { readonly sync: SessionSnapshot['sync'] }) {
  const { t, time } = useSpeech();
  return (
    <section aria-label={t('day.headOffice')} className="flex flex-col gap-2">
      <h3 className="text-s font-semibold text-soft">{t('day.headOffice')}</h3>
      <p className="text-m font-semibold">{t('day.waiting', { count: sync.waitingCount })}</p>
      {sync.parkedCount > 0 && (
        <p className="text-m text-bad">{t('day.parked', { count: sync.parkedCount })}</p>
      )}
      <p className="text-s text-soft">
        {sync.lastContactMs === null
          ? t('day.neverContact')
          : t('day.lastContact', { time: time(sync.lastContactMs) })}
      </p>
      <SyncProgress sync={sync} />
    </section>
  );
}

function CloseDay(props: {
  readonly snapshot: SessionSnapshot;
  readonly report: DayReport;
  readonly onReport: (report: DayReport) => void;
}) {
  const { t } = useSpeech();
  const { snapshot, report } = props;
  const isAsking = usePage((state) => state.question === 'close-day');
  const isManager = snapshot.operator?.role === 'manager';
  const isSaleOpen = snapshot.basket.lineCount > 0;
  const close = () => {
    change({ question: null });
    void call('report.closeDay', { businessDay: report.businessDay }).then((closed) => {
      if (closed !== null) props.onReport(closed);
    });
  };
  if (report.zNumber !== null) {
    return (
      <p role="status" className="text-m font-semibold text-good" data-testid="day-closed">
        {t('day.closed', { zNumber: report.zNumber })}
      </p>
    );
  }
  if (!isManager) return <p className="text-m">{t('day.closeManager')}</p>;
  if (isSaleOpen) return <p className="text-m">{t('day.saleOpen')}</p>;
  if (isAsking) {
    return (
      <div role="alert" className="flex flex-col gap-3 rounded-m bg-warn-soft p-3">
        <p className="text-m font-semibold text-warn">
          {t('day.closeAsk', { businessDay: report.businessDay })}
        </p>
        <div className="flex gap-2">
          <Plain look="filled" fill onPress={close} testId="close-yes">
            {t('day.closeYes')}
          </Plain>
          <Plain onPress={() => change({ question: null })}>{t('app.undo')}</Plain>
        </div>
      </div>
    );
  }
  return (
    <Plain
      onPress={() => change({ question: 'close-day' })}
      isDisabled={report.isAlreadyClosed}
      testId="close-day"
    >
      <LockKeyhole size={20} aria-hidden />
      {t('day.closeZ')}
    </Plain>
  );
}

/** Read again whenever a sale or a sync changes what it says. */
function useReport(snapshot: SessionSnapshot): [DayReport | null, (report: DayReport) => void] {
  const [report, setReport] = useState<DayReport | null>(null);
  const { waitingCount } = snapshot.sync;
  const isClosed = report !== null && report.zNumber !== null;
  useEffect(() => {
    if (isClosed) return;
    let isCurrent = true;
    void call('report.day', {}).then((answer) => {
      if (isCurrent && answer !== null) setReport(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [waitingCount, isClosed]);
  return [report, setReport];
}

export function EndOfDay({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const speech = useSpeech();
  const { t } = speech;
  const [report, setReport] = useReport(snapshot);
  if (report === null) {
    return <main className="card place-content-center text-center">{t('day.loading')}</main>;
  }
  return (
    <main className="columns-sale">
      <section aria-label={t('day.money')} className="card overflow-y-auto">
        <h2 className="text-l font-semibold">
          {t('day.business', { businessDay: report.businessDay })}
        </h2>
        <Figures title={t('day.money')} figures={moneyFigures(speech, report)} />
        <Figures title={t('report.tenders')} figures={tenderFigures(speech, report)} />
        <Figures title={t('report.taxes')} figures={taxFigures(speech, report)} />
      </section>
      <section aria-label={t('day.sales')} className="card overflow-y-auto">
        <Figures title={t('day.sales')} figures={countFigures(speech, report)} />
        <Figures title={t('report.points')} figures={pointFigures(speech, report)} />
      </section>
      <section aria-label={t('day.title')} className="card">
        <HeadOffice sync={snapshot.sync} />
        <div className="flex-1" />
        <Plain onPress={() => void call('report.printX', {})} testId="print-x">
          <FileText size={20} aria-hidden />
          {t('day.printX')}
        </Plain>
        <CloseDay snapshot={snapshot} report={report} onReport={setReport} />
        <Primary onPress={showSale} testId="leave-day">
          {t('tender.leave')}
          <kbd>Esc</kbd>
        </Primary>
      </section>
    </main>
  );
}
