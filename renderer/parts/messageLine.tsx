// Owns the line under the top bar: what just happened, what the till asks, else what to do next.
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { refusalWords, type Speech, useSpeech } from '#renderer/format.ts';
import { IconButton, Plain } from '#renderer/parts/button.tsx';
import { answerPrinter, dismissNotice, sellAsAmount } from '#renderer/state/actions.ts';
import { change, type PageState, usePage } from '#renderer/state/store.ts';
import type { SessionSnapshot } from '#till/contract.ts';
import type { Key } from '#words/en.ts';

type Notice = NonNullable<SessionSnapshot['notice']>;

const look = {
  good: { className: 'bg-good-soft text-good', Icon: CircleCheck },
  warn: { className: 'bg-warn-soft text-warn', Icon: TriangleAlert },
  bad: { className: 'bg-bad-soft text-bad', Icon: CircleAlert },
  plain: { className: 'text-soft', Icon: Info },
} as const;

function Strip(props: {
  readonly tone: keyof typeof look;
  readonly text: string;
  readonly testId?: string;
  readonly children?: ReactNode;
}) {
  const { className, Icon } = look[props.tone];
  return (
    <div className={`strip ${className}`}>
      <Icon size={22} aria-hidden className="flex-none" />
      <p
        className="line-clamp-2 flex-1 text-s font-semibold text-pretty"
        data-testid={props.testId}
      >
        {props.text}
      </p>
      {props.children}
    </div>
  );
}

function promptKey(state: PageState): Key {
  if (state.view === 'day') return 'prompt.day';
  if (state.view === 'receipt') return 'prompt.receipt';
  if (state.view === 'devices') return 'prompt.devices';
  if (state.view === 'last') return 'prompt.last';
  if (state.snapshot?.state === 'committed') return 'prompt.done';
  if (state.view === 'tender') return 'prompt.tender';
  return (state.snapshot?.basket.lineCount ?? 0) === 0 ? 'prompt.empty' : 'prompt.sale';
}

function NoticeStrip({ notice, speech }: { readonly notice: Notice; readonly speech: Speech }) {
  const { t, words } = speech;
  const { action, noticeId } = notice;
  return (
    <Strip tone={notice.tone} text={words(notice.words)} testId="notice">
      {action !== null && (
        <Plain onPress={() => sellAsAmount(action.barcode)} testId="sell-as-amount">
          {t('notice.sellAsAmount')}
        </Plain>
      )}
      <IconButton label={t('notice.dismiss')} onPress={() => dismissNotice(noticeId)}>
        <X size={20} aria-hidden />
      </IconButton>
    </Strip>
  );
}

/** Asked until it is answered: only a person can see whether paper came out. */
function PrinterQuestion({ printer }: { readonly printer: SessionSnapshot['printer'] }) {
  const { t } = useSpeech();
  const { question } = printer;
  if (question === null) return null;
  const { jobId, receiptNumber, copyNumber, reach } = question;
  const asked = t('question.title', { receiptNumber });
  const text = reach === null ? asked : `${asked} ${t(`question.reach.${reach}`)}`;
  return (
    <Strip tone="warn" text={text} testId="question">
      <Plain onPress={() => answerPrinter(jobId, true)}>{t('question.yes')}</Plain>
      <Plain onPress={() => answerPrinter(jobId, false)}>
        {t('question.no', { copyNumber: copyNumber + 1 })}
      </Plain>
    </Strip>
  );
}

function Current({ state, snapshot }: { state: PageState; snapshot: SessionSnapshot }) {
  const speech = useSpeech();
  const { t } = speech;
  const { refusal } = state;
  if (refusal !== null) {
    return (
      <Strip tone="bad" text={speech.words(refusalWords(refusal))} testId="notice">
        <IconButton label={t('notice.dismiss')} onPress={() => change({ refusal: null })}>
          <X size={20} aria-hidden />
        </IconButton>
      </Strip>
    );
  }
  if (state.amountName !== '') {
    const text = t('notice.sellAsAmountHint', { barcode: state.amountName });
    return <Strip tone="warn" text={text} testId="notice" />;
  }
  if (snapshot.notice !== null) return <NoticeStrip notice={snapshot.notice} speech={speech} />;
  const { state: printerState, waitingCount, errorCause } = snapshot.printer;
  const isBlocked =
    printerState === 'paper-out' ||
    printerState === 'cover-open' ||
    printerState === 'offline' ||
    printerState === 'error';
  if (isBlocked && waitingCount > 0) {
    const text =
      printerState === 'error' && errorCause !== null
        ? t(`printer.blocked.error.${errorCause}`)
        : t(`printer.blocked.${printerState}`);
    return <Strip tone="warn" text={text} testId="notice" />;
  }
  if (snapshot.sync.problem !== null) {
    return <Strip tone="warn" text={speech.words(snapshot.sync.problem)} testId="notice" />;
  }
  return <Strip tone="plain" text={t(promptKey(state))} />;
}

/** Never a dialog: nothing here has to be answered before selling goes on. */
export function MessageLine({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const state = usePage((all) => all);
  return (
    <div className="flex flex-col gap-2">
      <div role="status">
        <Current state={state} snapshot={snapshot} />
      </div>
      <PrinterQuestion printer={snapshot.printer} />
    </div>
  );
}
