// Owns the selling screen: member, entry and sale side by side; nothing moves between states.
import { Banknote } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import { Plain, Primary } from '#renderer/parts/button.tsx';
import { EntryColumn } from '#renderer/parts/entryColumn.tsx';
import { LineList } from '#renderer/parts/lineList.tsx';
import { MemberColumn } from '#renderer/parts/memberColumn.tsx';
import { Earns, Total, TotalRows } from '#renderer/parts/totals.tsx';
import { cancelSale, pay } from '#renderer/state/actions.ts';
import { change, usePage } from '#renderer/state/store.ts';
import type { BasketView, SessionSnapshot } from '#till/contract.ts';

function CancelQuestion({ count }: { readonly count: number }) {
  const { t } = useSpeech();
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-m bg-bad-soft p-3">
      <p className="text-m font-semibold text-bad">{t('basket.cancelAsk', { count })}</p>
      <div className="flex gap-2">
        <Plain look="bad" fill onPress={cancelSale} testId="cancel-yes">
          {t('basket.cancelYes')} <kbd>Esc</kbd>
        </Plain>
        <Plain fill onPress={() => change({ question: null })}>
          {t('app.undo')}
        </Plain>
      </div>
    </div>
  );
}

function SaleColumn({ basket }: { readonly basket: BasketView }) {
  const { t } = useSpeech();
  const isCancelling = usePage((state) => state.question === 'cancel-sale');
  const hasAmount = usePage((state) => state.amountDigits !== '');
  const hasSale = basket.lineCount > 0 || basket.member !== null;
  return (
    <section aria-label={t('basket.title')} className="card">
      <LineList basket={basket} />
      {!isCancelling && <TotalRows basket={basket} />}
      <Total basket={basket} />
      {isCancelling ? <CancelQuestion count={basket.lineCount} /> : <Earns basket={basket} />}
      <div className="flex gap-2">
        {hasSale && !isCancelling && (
          <Plain onPress={() => change({ question: 'cancel-sale' })} testId="cancel">
            {t('basket.cancel')}
          </Plain>
        )}
        <div className="grid flex-1">
          <Primary
            onPress={() => void pay()}
            isDisabled={basket.lineCount === 0 && !hasAmount}
            testId="pay"
          >
            <Banknote size={28} aria-hidden />
            {t('total.pay')}
            <kbd>F12</kbd>
          </Primary>
        </div>
      </div>
    </section>
  );
}

export function Sale({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { basket } = snapshot;
  return (
    <main className="columns-sale">
      <MemberColumn basket={basket} />
      <EntryColumn />
      <SaleColumn basket={basket} />
    </main>
  );
}
