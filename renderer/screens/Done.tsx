// Owns the screen after a sale was saved: the change, the receipt, and what can still be done.
import { CircleCheck, Inbox, ReceiptText, Undo2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Plain, Primary } from '#renderer/parts/button.tsx';
import { Paper } from '#renderer/parts/paper.tsx';
import { nextSale, openDrawer, reprint, showSale, voidShown } from '#renderer/state/actions.ts';
import { change, usePage } from '#renderer/state/store.ts';
import type { CommittedSale, SessionSnapshot } from '#till/contract.ts';

function Fact(props: { readonly name: string; readonly value: string; readonly look?: string }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="text-m text-soft">{props.name}</dt>
      <dd className={`text-l font-semibold tabular-nums ${props.look ?? ''}`}>{props.value}</dd>
    </div>
  );
}

function PointsFacts({ sale }: { readonly sale: CommittedSale }) {
  const { t, points, signed } = useSpeech();
  if (sale.memberName === null) return <p className="text-m text-soft">{t('done.guest')}</p>;
  // After a void the sale's own balance is history; the paper beside it says the new one.
  const balanceAfterPoints = sale.isVoided ? null : sale.balanceAfterPoints;
  return (
    <>
      <p className="truncate text-l font-semibold" data-testid="member">
        {sale.memberName}
      </p>
      {balanceAfterPoints !== null && (
        <div className="rounded-m bg-brand px-4 py-3 text-on-brand">
          <p className="text-s">{t('done.balance')}</p>
          <p className="text-xxl font-semibold tabular-nums" data-testid="balance">
            {points(balanceAfterPoints)}
          </p>
        </div>
      )}
      <dl className="flex flex-col gap-2">
        <Fact name={t('done.earned')} value={signed(sale.earnedPoints)} look="text-good" />
        {sale.redeemedPoints > 0 && (
          <Fact name={t('done.spent')} value={signed(-sale.redeemedPoints)} />
        )}
      </dl>
    </>
  );
}

/** A cashier asks a manager, who types a PIN here; the till checks it. */
function VoidQuestion({ sale, isManager }: { sale: CommittedSale; isManager: boolean }) {
  const { t } = useSpeech();
  const [pin, setPin] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void voidShown(isManager ? null : pin);
    setPin('');
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 rounded-m bg-bad-soft p-3">
      <p className="text-m font-semibold text-bad" role="alert">
        {t('void.ask', { totalMinor: sale.totalMinor })}
      </p>
      {!isManager && (
        <TextField autoFocus value={pin} onChange={setPin} type="password">
          <Label className="mb-1 block text-s font-semibold">{t('void.managerPin')}</Label>
          <Input className="field" inputMode="numeric" maxLength={8} data-testid="manager-pin" />
        </TextField>
      )}
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button button-bad flex-1" data-testid="void-yes">
          {t('void.confirm')}
        </button>
        <Plain onPress={() => change({ question: null })}>{t('app.undo')}</Plain>
      </div>
    </form>
  );
}

function SaleTools() {
  const { t } = useSpeech();
  return (
    <div className="grid grid-cols-2 gap-2">
      <Plain onPress={() => void reprint()} testId="reprint">
        <ReceiptText size={20} aria-hidden />
        {t('done.reprint')}
        <kbd>F9</kbd>
      </Plain>
      <Plain onPress={openDrawer} testId="drawer">
        <Inbox size={20} aria-hidden />
        {t('drawer.open')}
        <kbd>F4</kbd>
      </Plain>
    </div>
  );
}

/** A printer that is blocked is said by the message line, with what to do. */
function ReceiptState({ printer }: { readonly printer: SessionSnapshot['printer'] }) {
  const { t } = useSpeech();
  const { state, waitingCount } = printer;
  if (state !== 'ready' && state !== 'printing') return null;
  const isPrinting = state === 'printing' || waitingCount > 0;
  return <p className="text-s text-soft">{t(isPrinting ? 'done.printing' : 'done.printed')}</p>;
}

function ChangeColumn({ sale, snapshot }: { sale: CommittedSale; snapshot: SessionSnapshot }) {
  const { t, money } = useSpeech();
  const isLast = usePage((state) => state.view === 'last');
  const { isVoided } = sale;
  // A void hands back what the sale cost: its change was handed over long ago.
  const changeText = money(isVoided ? sale.totalMinor : sale.changeMinor);
  const tone = isVoided ? 'text-bad' : 'text-good';
  const Icon = isVoided ? Undo2 : CircleCheck;
  return (
    <section aria-label={t('done.title')} className="card">
      <h2 className={`flex items-center gap-2 text-l font-semibold ${tone}`} data-testid="done">
        <Icon size={28} aria-hidden className="flex-none" />
        {isVoided ? t('done.voided') : t('done.title')}
      </h2>
      <dl>
        <Fact name={t('done.total')} value={money(sale.totalMinor)} />
        <Fact name={t('done.paid')} value={money(sale.tenderedMinor)} />
      </dl>
      <div className="border-t border-line pt-3">
        <p className="text-m text-soft">{t(isVoided ? 'done.giveBack' : 'done.change')}</p>
        <p
          className={`font-bold tabular-nums ${changeText.length > 9 ? 'text-xxl' : 'text-xxxl'}`}
          data-testid="change"
        >
          {changeText}
        </p>
      </div>
      <div className="flex-1" />
      <ReceiptState printer={snapshot.printer} />
      <SaleTools />
      <Primary onPress={isLast ? showSale : nextSale} testId="next">
        {isLast ? t('tender.leave') : t('done.next')}
        <kbd>F8</kbd>
      </Primary>
    </section>
  );
}

export function Done({ sale, snapshot }: { sale: CommittedSale; snapshot: SessionSnapshot }) {
  const { t } = useSpeech();
  const isVoiding = usePage((state) => state.question === 'void-sale');
  return (
    <main className="columns-sale columns-done">
      <section aria-label={t('done.member')} className="card">
        <h2 className="sr-only">{t('done.member')}</h2>
        {isVoiding ? (
          <VoidQuestion sale={sale} isManager={snapshot.operator?.role === 'manager'} />
        ) : (
          <PointsFacts sale={sale} />
        )}
        <div className="flex-1" />
        {!sale.isVoided && !isVoiding && (
          <Plain look="bad" onPress={() => change({ question: 'void-sale' })} testId="void">
            <Undo2 size={20} aria-hidden />
            {t('done.void')}
          </Plain>
        )}
      </section>
      <section aria-label={t('done.preview')} className="card">
        <h2 className="text-s font-semibold text-soft tabular-nums" data-testid="receipt-number">
          {t('done.receiptNumber', { receiptNumber: sale.receiptNumber })}
        </h2>
        <Paper transactionId={sale.transactionId} isVoided={sale.isVoided} />
      </section>
      <ChangeColumn sale={sale} snapshot={snapshot} />
    </main>
  );
}
