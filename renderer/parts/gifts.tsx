// Owns points that a cashier gives by hand: for an event, or as goodwill with its reason.
import { useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { giveEvent, giveGoodwill } from '#renderer/state/actions.ts';
import type { BasketView } from '#till/contract.ts';

type GiftsView = NonNullable<BasketView['member']>['gifts'];

function Goodwill({ gifts }: { readonly gifts: GiftsView }) {
  const { t } = useSpeech();
  const [digits, setDigits] = useState('');
  const points = Number(digits);
  return (
    <div className="flex flex-col gap-1">
      <TextField value={digits} onChange={(text) => setDigits(text.replace(/\D/g, '').slice(0, 6))}>
        <Label className="text-s text-soft">
          {t('gift.goodwill', { points: gifts.goodwillPoints })}
        </Label>
        <Input className="field tabular-nums" inputMode="numeric" autoComplete="off" />
      </TextField>
      <div className="flex flex-wrap gap-2">
        {gifts.reasons.map(({ reasonId, name }) => (
          <Plain
            key={reasonId}
            isDisabled={points === 0}
            onPress={() => {
              setDigits('');
              giveGoodwill(points, reasonId);
            }}
          >
            {name}
          </Plain>
        ))}
      </div>
    </div>
  );
}

/** Nothing where the programme knows neither. */
export function Gifts({ gifts }: { readonly gifts: GiftsView }) {
  const hasGoodwill = gifts.goodwillPoints > 0 && gifts.reasons.length > 0;
  if (gifts.events.length === 0 && !hasGoodwill) return null;
  return (
    <div className="flex flex-none flex-col gap-2" data-testid="gifts">
      {gifts.events.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {gifts.events.map(({ eventId, name }) => (
            <Plain key={eventId} onPress={() => giveEvent(eventId)}>
              {name}
            </Plain>
          ))}
        </div>
      )}
      {hasGoodwill && <Goodwill gifts={gifts} />}
    </div>
  );
}
