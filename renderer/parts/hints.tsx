// Owns the short lines about a member: what is usual, what is left of a perk, what is worth saying.
import { Info, Lightbulb, Lock, Repeat2 } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { addProduct } from '#renderer/state/actions.ts';
import type { BasketView } from '#till/contract.ts';

type Member = NonNullable<BasketView['member']>;
type Message = BasketView['messages'][number];

const look = {
  nudge: { className: 'text-brand', Icon: Lightbulb },
  gate: { className: 'text-bad', Icon: Lock },
  refusal: { className: 'text-bad', Icon: Lock },
  perk: { className: 'text-soft', Icon: Info },
  notice: { className: 'text-soft', Icon: Info },
} as const;

/** Sentences that rules have for this basket: a nudge, a perk, why a line cannot be sold. */
export function Messages({ messages }: { readonly messages: readonly Message[] }) {
  const { words } = useSpeech();
  if (messages.length === 0) return null;
  return (
    <ul className="flex flex-none flex-col gap-1 text-s font-semibold" data-testid="messages">
      {messages.map((message, index) => {
        const { className, Icon } = look[message.kind];
        return (
          <li key={`${index} ${message.words.key}`} className={`flex gap-2 ${className}`}>
            <Icon size={18} aria-hidden className="flex-none" />
            {words(message.words)}
          </li>
        );
      })}
    </ul>
  );
}

/** What the member wishes, usually buys, and has left of what is used up. */
export function Habits({ member }: { readonly member: Member }) {
  const { t, words } = useSpeech();
  const { hints, usualItem, entitlements } = member;
  if (hints.length === 0 && usualItem === null && entitlements.length === 0) return null;
  return (
    <div className="flex flex-none flex-col gap-1 text-s text-soft" data-testid="habits">
      {usualItem !== null && (
        <Plain onPress={() => addProduct(usualItem.sku)} testId="usual">
          <Repeat2 size={18} aria-hidden />
          {t('wish.usual', { itemName: usualItem.name })}
        </Plain>
      )}
      {entitlements.map((entitlement) => (
        <p key={entitlement.name}>{t('member.entitlement', { ...entitlement })}</p>
      ))}
      {hints.map((hint) => (
        <p key={hint.key}>{words(hint)}</p>
      ))}
    </div>
  );
}
