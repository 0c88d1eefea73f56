// Owns the reward ladder as the cashier sees it: what can be had now, and what is still missing.
import { Gift } from 'lucide-react';
import { ToggleButton } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { toggleReward } from '#renderer/state/actions.ts';
import type { BasketView } from '#till/contract.ts';

type Offer = BasketView['offers'][number];

function OfferButton({ offer }: { readonly offer: Offer }) {
  const { t } = useSpeech();
  const { amountOffMinor, points, rewardId } = offer;
  const isClaimed = offer.state === 'claimed';
  const cost = offer.isAsking
    ? t('reward.asking')
    : isClaimed
      ? t('reward.claimed')
      : t('reward.cost', { points });
  return (
    <ToggleButton
      className="button choice w-full flex-none justify-start gap-3 text-start wide:text-m"
      isSelected={isClaimed}
      isDisabled={offer.isAsking}
      onChange={() => toggleReward(rewardId, isClaimed)}
      data-testid={`reward-${rewardId}`}
    >
      <Gift size={24} aria-hidden className="flex-none" />
      <span className="flex-1">{t('reward.off', { amountOffMinor })}</span>
      <span className="text-s font-normal text-soft">{cost}</span>
    </ToggleButton>
  );
}

/** Not a button: nothing can be done with it yet. */
function OfferAhead({ offer }: { readonly offer: Offer }) {
  const { t } = useSpeech();
  const { amountOffMinor, shortByPoints } = offer;
  const isShort = offer.state === 'points-short';
  return (
    <p className="ahead">
      <Gift size={20} aria-hidden className="flex-none" />
      <span className="flex-1">
        {isShort
          ? t('reward.short', { shortByPoints, amountOffMinor })
          : t('reward.off', { amountOffMinor })}
      </span>
      {!isShort && <span>{t('reward.basketTooSmall')}</span>}
    </p>
  );
}

export function Rewards({ offers }: { readonly offers: readonly Offer[] }) {
  const { t } = useSpeech();
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <h3 className="text-s font-semibold">{t('reward.title')}</h3>
      {offers.length === 0 && <p className="text-s text-soft">{t('reward.none')}</p>}
      <ul className="-m-1 flex min-h-0 flex-col gap-2 overflow-y-auto p-1">
        {offers.map((offer) => (
          <li key={offer.rewardId}>
            {offer.state === 'available' || offer.state === 'claimed' ? (
              <OfferButton offer={offer} />
            ) : (
              <OfferAhead offer={offer} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
