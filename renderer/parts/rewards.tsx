// Owns the rewards as the cashier sees them: the one to offer first, what can be had now, and what
// is still missing.
import { Gift } from 'lucide-react';
import { ToggleButton } from 'react-aria-components';
import { type Speech, useSpeech } from '#renderer/format.ts';
import { toggleReward } from '#renderer/state/actions.ts';
import type { BasketView } from '#till/contract.ts';

type Offer = BasketView['offers'][number];

function labelOf(offer: Offer, { t }: Speech): string {
  const { kind, amountOffMinor, name } = offer;
  return kind === 'amount-off' ? t('reward.off', { amountOffMinor }) : name;
}

function costOf(offer: Offer, { t }: Speech): string {
  const { points, accountName } = offer;
  if (offer.isAsking) return t('reward.asking');
  if (offer.state === 'claimed') return t('reward.claimed');
  if (points === 0) return t('reward.free');
  return accountName === null
    ? t('reward.cost', { points })
    : t('reward.costOf', { points, accountName });
}

function OfferButton({ offer, isBest }: { readonly offer: Offer; readonly isBest: boolean }) {
  const speech = useSpeech();
  const { rewardId } = offer;
  const isClaimed = offer.state === 'claimed';
  return (
    <ToggleButton
      className="button choice w-full flex-none justify-start gap-3 text-start wide:text-m"
      isSelected={isClaimed}
      isDisabled={offer.isAsking}
      onChange={() => toggleReward(rewardId, isClaimed)}
      data-testid={`reward-${rewardId}`}
    >
      <Gift size={24} aria-hidden className="flex-none" />
      <span className="flex-1">
        {labelOf(offer, speech)}
        {isBest && (
          <span className="block text-s font-semibold text-brand">{speech.t('reward.best')}</span>
        )}
      </span>
      <span className="text-s font-normal text-soft">{costOf(offer, speech)}</span>
    </ToggleButton>
  );
}

/** What keeps a reward away, in words; of points short the number says it. */
function aheadText(offer: Offer, speech: Speech): string {
  const { shortByPoints, amountOffMinor, accountName } = offer;
  if (offer.state !== 'points-short') return labelOf(offer, speech);
  return accountName === null && offer.kind === 'amount-off'
    ? speech.t('reward.short', { shortByPoints, amountOffMinor })
    : speech.t('reward.missing', { name: labelOf(offer, speech), shortByPoints });
}

/** Not a button: nothing can be done with it yet. */
function OfferAhead({ offer }: { readonly offer: Offer }) {
  const speech = useSpeech();
  const { state } = offer;
  const isNamed = state !== 'points-short' && state !== 'available' && state !== 'claimed';
  return (
    <p className="ahead">
      <Gift size={20} aria-hidden className="flex-none" />
      <span className="flex-1">{aheadText(offer, speech)}</span>
      {isNamed && <span>{speech.t(`reward.state.${state}`)}</span>}
    </p>
  );
}

export function Rewards(props: {
  readonly offers: readonly Offer[];
  readonly bestRewardId: string | null;
}) {
  const { offers, bestRewardId } = props;
  const { t } = useSpeech();
  return (
    <div className="flex flex-none flex-col gap-2">
      <h3 className="text-s font-semibold">{t('reward.title')}</h3>
      {offers.length === 0 && <p className="text-s text-soft">{t('reward.none')}</p>}
      <ul className="flex flex-col gap-2">
        {offers.map((offer) => (
          <li key={offer.rewardId}>
            {offer.state === 'available' || offer.state === 'claimed' ? (
              <OfferButton offer={offer} isBest={offer.rewardId === bestRewardId} />
            ) : (
              <OfferAhead offer={offer} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
