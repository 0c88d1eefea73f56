// Owns the end-of-day page: the day's figures, what has reached head office, X and Z.
import { CloudUpload, FileText } from 'lucide-react';
import { useEffect } from 'react';
import { ProgressBar } from 'react-aria-components';
import { type Speech, useSpeech } from '#renderer/format.ts';
import { Plain, Primary } from '#renderer/parts/button.tsx';
import {
  canCloseDay,
  closeDay,
  printX,
  readDay,
  showSale,
  toggleSync,
} from '#renderer/state/actions.ts';
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
            className={`pair border-b border-line py-1 ${isStrong === true ? 'font-bold' : ''}`}
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
      <Plain onPress={toggleSync} isDisabled={sync.waitingCount === 0} testId="sync-start">
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
      <Plain onPress={toggleSync} testId="sync-stop">
        {t('day.syncStop')}
      </Plain>
    </div>
  );
}

function HeadOffice({ sync }: { readonly sync: SessionSnapshot['sync'] }) {
  const { t, time } = useSpeech();
  return (
    <section
      aria-label={t('day.headOffice')}
      className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto"
    >
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

/** Why the day cannot be closed now, or what closing it means. */
function CloseState({ snapshot, report }: { snapshot: SessionSnapshot; report: DayReport }) {
  const { t, day } = useSpeech();
  const isAsking = usePage((state) => state.question === 'close-day');
  if (report.zNumber !== null) {
    return (
      <p role="status" className="text-m font-semibold text-good" data-testid="day-closed">
        {t('day.closed', { zNumber: report.zNumber })}
      </p>
    );
  }
  if (report.isAlreadyClosed) return <p className="text-m">{t('error.day-already-closed')}</p>;
  if (snapshot.operator?.role !== 'manager')
    return <p className="text-m">{t('day.closeManager')}</p>;
  if (snapshot.basket.lineCount > 0) return <p className="text-m">{t('day.saleOpen')}</p>;
  if (!isAsking) return null;
  return (
    <div role="alert" className="flex items-center gap-3 rounded-m bg-warn-soft p-3">
      <p className="flex-1 text-m font-semibold text-warn">
        {t('day.closeAsk', { businessDay: day(report.businessDay) })}
      </p>
      <Plain onPress={() => change({ question: null })}>{t('app.undo')}</Plain>
    </div>
  );
}

function DayActions({ snapshot, report }: { snapshot: SessionSnapshot; report: DayReport }) {
  const { t } = useSpeech();
  const isAsking = usePage((state) => state.question === 'close-day');
  const canClose = usePage(canCloseDay);
  return (
    <>
      <Plain onPress={printX} testId="print-x">
        <FileText size={20} aria-hidden />
        {t('day.printX')}
        <kbd>F9</kbd>
      </Plain>
      <CloseState snapshot={snapshot} report={report} />
      <div className="flex gap-2">
        <Plain onPress={showSale} testId="leave-day">
          {t('app.back')}
        </Plain>
        <div className="grid flex-1">
          <Primary
            onPress={() => void closeDay()}
            isDisabled={!canClose}
            testId={isAsking ? 'close-yes' : 'close-day'}
          >
            {isAsking ? t('day.closeYes') : t('day.closeZ')}
            <kbd>F12</kbd>
          </Primary>
        </div>
      </div>
    </>
  );
}

export function EndOfDay({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const speech = useSpeech();
  const { t } = speech;
  const report = usePage((state) => state.report);
  const { waitingCount } = snapshot.sync;
  const isOpen = usePage((state) => state.connection === 'open');
  // The count waiting is one of the figures.
  const version = isOpen ? waitingCount : null;
  useEffect(() => {
    if (version !== null) void readDay();
  }, [version]);
  if (report === null) {
    return <main className="card place-content-center text-center">{t('day.loading')}</main>;
  }
  return (
    <main className="columns-sale">
      <section aria-label={t('day.money')} className="card overflow-y-auto">
        <h2 className="text-l font-semibold">{speech.day(report.businessDay)}</h2>
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
        <DayActions snapshot={snapshot} report={report} />
      </section>
    </main>
  );
}
