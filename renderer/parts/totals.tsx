// Owns what the sale comes to: reward, tax by rate, the total, and the points that it brings.
import { useSpeech } from '#renderer/format.ts';
import type { BasketView } from '#till/contract.ts';

function Row(props: { readonly name: string; readonly value: string; readonly look?: string }) {
  return (
    <div className={`flex justify-between gap-3 ${props.look ?? ''}`}>
      <dt>{props.name}</dt>
      <dd className="tabular-nums">{props.value}</dd>
    </div>
  );
}

export function TotalRows({ basket }: { readonly basket: BasketView }) {
  const { t, money } = useSpeech();
  return (
    <dl className="text-s text-soft">
      {basket.discountMinor > 0 && (
        <>
          <Row name={t('total.subtotal')} value={money(basket.subtotalMinor)} />
          <Row
            name={t('total.reward')}
            value={money(-basket.discountMinor)}
            look="font-semibold text-good"
          />
        </>
      )}
      {basket.lineCount > 0 &&
        basket.taxes.map((tax) => (
          <Row
            key={tax.taxRateBasisPoints}
            name={t('total.tax', { taxRateBasisPoints: tax.taxRateBasisPoints })}
            value={money(tax.taxMinor)}
          />
        ))}
    </dl>
  );
}

/** `size` follows the digits: a total of ten thousand must fit the narrowest till. */
export function Total({ basket }: { readonly basket: BasketView }) {
  const { t, money } = useSpeech();
  const text = money(basket.totalMinor);
  const size = text.length > 9 ? 'text-xl wide:text-xxl' : 'text-xxl leading-none wide:text-xxxl';
  return (
    <div className="pair flex-wrap items-baseline border-t border-line pt-2">
      <p className="text-m text-soft">{t('total.title')}</p>
      <p className={`font-bold tabular-nums ${size}`} data-testid="total">
        {text}
      </p>
    </div>
  );
}

export function Earns({ basket }: { readonly basket: BasketView }) {
  const { t } = useSpeech();
  const { member, earnedPoints, redeemedPoints, balanceAfterPoints } = basket;
  if (member === null) {
    return (
      <p className="rounded-m bg-sunk px-4 py-3 text-s text-soft" data-testid="earn">
        {t('total.guest')}
      </p>
    );
  }
  return (
    <div className="rounded-m bg-good-soft px-3 py-2 text-good wide:px-4">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-s font-semibold wide:text-m" data-testid="earn">
          {t('total.earns', { points: earnedPoints })}
        </span>
        {balanceAfterPoints !== null && (
          <span className="text-s">{t('total.after', { points: balanceAfterPoints })}</span>
        )}
      </p>
      {redeemedPoints > 0 && (
        <p className="text-s font-semibold">{t('total.spends', { points: redeemedPoints })}</p>
      )}
    </div>
  );
}
