// Owns the left column of a sale: who collects, how many points, why, and what they can buy.
import { ScanLine, Star, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Input, Label, ProgressBar, TextField } from 'react-aria-components';
import { groupedCard, useSpeech } from '#renderer/format.ts';
import { IconButton, Plain } from '#renderer/parts/button.tsx';
import { Gifts } from '#renderer/parts/gifts.tsx';
import { Habits, Messages } from '#renderer/parts/hints.tsx';
import { Rewards } from '#renderer/parts/rewards.tsx';
import { identifyMember, removeMember } from '#renderer/state/actions.ts';
import { focusCard } from '#renderer/state/keys.ts';
import { usePage } from '#renderer/state/store.ts';
import type { BasketView } from '#till/contract.ts';

type Member = NonNullable<BasketView['member']>;

function CardForm() {
  const { t } = useSpeech();
  const [cardNumber, setCardNumber] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void identifyMember(cardNumber.replace(/\s/g, ''));
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <TextField autoFocus value={cardNumber} onChange={setCardNumber} className="min-w-0 flex-1">
        <Label className="mb-1 block text-s font-semibold">{t('member.cardNumber')}</Label>
        <Input
          id="card-number"
          className="field tabular-nums"
          inputMode="numeric"
          autoComplete="off"
          maxLength={64}
        />
      </TextField>
      <button type="submit" className="button button-filled">
        {t('member.find')}
      </button>
    </form>
  );
}

function NoMember(props: {
  readonly isTypingCard: boolean;
  readonly messages: BasketView['messages'];
}) {
  const { isTypingCard, messages } = props;
  const { t } = useSpeech();
  return (
    <>
      {isTypingCard && <CardForm />}
      <div className="blank flex-1 gap-3">
        <ScanLine size={64} strokeWidth={1.5} className="text-brand" aria-hidden />
        <p className="text-l font-semibold text-balance">{t('member.scanTitle')}</p>
        <p className="text-s text-soft text-balance">{t('member.scanText')}</p>
      </div>
      <Messages messages={messages} />
      {!isTypingCard && (
        <Plain onPress={focusCard}>
          {t('member.typeNumber')} <kbd>F2</kbd>
        </Plain>
      )}
    </>
  );
}

function Balance({ member }: { readonly member: Member }) {
  const { t, points, time } = useSpeech();
  const isOnline = usePage((state) => state.snapshot?.sync.isOnline ?? false);
  const asOf =
    member.asOfMs === null
      ? t('member.neverConfirmed')
      : t('member.asOf', { time: time(member.asOfMs) });
  return (
    <div className="rounded-m bg-brand px-4 py-3 text-on-brand">
      <p className="text-s">{t('member.balance')}</p>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-xxl font-semibold tabular-nums" data-testid="balance">
          {points(member.balancePoints)}
        </span>
        {!isOnline && <span className="text-s">{asOf}</span>}
      </p>
    </div>
  );
}

function TierProgress({ member }: { readonly member: Member }) {
  const { t } = useSpeech();
  const { nextTierName, nextFromPoints, tierPoints, isTierMoney } = member;
  if (nextTierName === null || nextFromPoints === null) return null;
  const missing = Math.max(0, nextFromPoints - tierPoints);
  const text = isTierMoney
    ? t('member.tierNextMoney', { missingMinor: missing, nextTierName })
    : t('member.tierNext', { missingPoints: missing, nextTierName });
  return (
    <ProgressBar
      value={Math.max(0, tierPoints)}
      maxValue={nextFromPoints}
      valueLabel={text}
      className="flex flex-col gap-1"
    >
      {({ percentage }) => (
        <>
          <Label className="text-s text-soft">{text}</Label>
          <div className="h-2 overflow-hidden rounded-full bg-sunk">
            <div className="h-full bg-brand" style={{ width: `${percentage ?? 0}%` }} />
          </div>
        </>
      )}
    </ProgressBar>
  );
}

function Explanation({ basket }: { readonly basket: BasketView }) {
  const { t, words, signed } = useSpeech();
  if (basket.explanation.length === 0) return null;
  return (
    <div className="flex-none">
      <h3 className="text-s font-semibold">{t('total.why')}</h3>
      <ul className="text-s text-soft" data-testid="why">
        {basket.explanation.map(({ why, points }, index) => (
          <li key={`${index} ${why.key}`} className="flex justify-between gap-3">
            <span>{words(why)}</span>
            <span className="tabular-nums">{signed(points)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MemberCard({ basket, member }: { readonly basket: BasketView; readonly member: Member }) {
  const { t } = useSpeech();
  const isTypingCard = usePage((state) => state.isTypingCard);
  return (
    <>
      {isTypingCard && <CardForm />}
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="truncate text-l font-semibold" data-testid="member">
            {member.displayName === '' ? t('member.unnamed') : member.displayName}
          </p>
          <p className="flex flex-wrap items-center gap-x-3 text-s text-soft tabular-nums">
            {groupedCard(member.cardNumber)}
            <span className="inline-flex items-center gap-1 font-semibold text-brand">
              <Star size={16} aria-hidden />
              {member.tierName}
            </span>
          </p>
        </div>
        <IconButton label={t('member.remove')} onPress={removeMember}>
          <X size={20} aria-hidden />
        </IconButton>
      </div>
      <Balance member={member} />
      <TierProgress member={member} />
      <div className="-m-1 flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-1">
        <Messages messages={basket.messages} />
        <Habits member={member} />
        <Explanation basket={basket} />
        <Rewards offers={basket.offers} bestRewardId={member.bestRewardId} />
        <Gifts gifts={member.gifts} />
      </div>
    </>
  );
}

export function MemberColumn({ basket }: { readonly basket: BasketView }) {
  const { t } = useSpeech();
  const isTypingCard = usePage((state) => state.isTypingCard);
  return (
    <section aria-label={t('member.title')} className="card">
      <h2 className="sr-only">{t('member.title')}</h2>
      {basket.member === null ? (
        <NoMember isTypingCard={isTypingCard} messages={basket.messages} />
      ) : (
        <MemberCard basket={basket} member={basket.member} />
      )}
    </section>
  );
}
