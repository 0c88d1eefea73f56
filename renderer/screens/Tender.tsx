// Owns the payment screen: what is due, how it is paid, and the change.
import { Banknote, CreditCard, Ticket, Wallet, X } from 'lucide-react';
import { useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { nextNotes, type Speech, useSpeech } from '#renderer/format.ts';
import { IconButton, Plain, Primary } from '#renderer/parts/button.tsx';
import { Keypad } from '#renderer/parts/keypad.tsx';
import { MemberColumn } from '#renderer/parts/memberColumn.tsx';
import { Earns, Total, TotalRows } from '#renderer/parts/totals.tsx';
import {
  amountOf,
  chooseTender,
  deleteDigit,
  dueMinor,
  exactMinor,
  give,
  giveTyped,
  leaveTender,
  removeTender,
  typeDigit,
} from '#renderer/state/actions.ts';
import { type TenderType, usePage } from '#renderer/state/store.ts';
import type { BasketView, SessionSnapshot } from '#till/contract.ts';
import { fractionDigitsOf } from '#words/say.ts';

const tenderTypes = [
  { type: 'cash', Icon: Banknote, key: 'F5' },
  { type: 'card', Icon: CreditCard, key: 'F6' },
  { type: 'voucher', Icon: Ticket, key: 'F7' },
] as const;

type Wallets = NonNullable<BasketView['member']>['wallets'];
const NO_WALLETS: Wallets = [];

/** The name of a means of payment: stored value has that of its account. */
function tenderName({ t }: Speech, type: TenderType, wallets: Wallets): string {
  if (type === 'cash' || type === 'card' || type === 'voucher') return t(`tender.${type}`);
  return wallets.find(({ accountId }) => accountId === type)?.name ?? type;
}

function TenderTypes(props: { readonly chosen: TenderType; readonly wallets: Wallets }) {
  const { chosen, wallets } = props;
  const { t, money } = useSpeech();
  return (
    <RadioGroup
      aria-label={t('tender.type')}
      orientation="horizontal"
      className="grid grid-cols-3 gap-2"
      value={chosen}
      onChange={(type) => chooseTender(type as TenderType)}
    >
      {tenderTypes.map(({ type, Icon, key }) => (
        <Radio key={type} value={type} className="button choice flex-col gap-0">
          <span className="flex items-center gap-2">
            <Icon size={20} aria-hidden />
            <kbd>{key}</kbd>
          </span>
          <span className="text-center leading-tight">{t(`tender.${type}`)}</span>
        </Radio>
      ))}
      {wallets.map(({ accountId, name, amountMinor }) => (
        <Radio key={accountId} value={accountId} className="button choice col-span-3 gap-2">
          <Wallet size={20} aria-hidden />
          <span className="flex-1">{name}</span>
          <span className="tabular-nums">{money(amountMinor)}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

function Given() {
  const { t, money } = useSpeech();
  const exact = usePage(exactMinor);
  const digits = usePage((state) => state.givenDigits);
  return (
    <div>
      <p className="text-s text-soft">{digits === '' ? t('tender.exact') : t('tender.given')}</p>
      <p className={`amount ${digits === '' ? 'text-soft' : ''}`} data-testid="given">
        {money(digits === '' ? exact : amountOf(digits))}
      </p>
    </div>
  );
}

function QuickAmounts({ due }: { readonly due: number }) {
  const { t, money } = useSpeech();
  const currency = usePage((state) => state.snapshot?.workstation.currency ?? '');
  return (
    <fieldset aria-label={t('tender.quick')} className="flex min-w-0 gap-2">
      {nextNotes(due, fractionDigitsOf(currency)).map((amountMinor) => (
        <Plain key={amountMinor} fill onPress={() => void give(amountMinor)}>
          <span className="tabular-nums">{money(amountMinor)}</span>
        </Plain>
      ))}
    </fieldset>
  );
}

function GivenColumn({ due, wallets }: { readonly due: number; readonly wallets: Wallets }) {
  const { t } = useSpeech();
  const chosen = usePage((state) => state.tenderType);
  return (
    <section aria-label={t('tender.title')} className="card">
      <h2 className="sr-only">{t('tender.title')}</h2>
      <TenderTypes chosen={chosen} wallets={wallets} />
      <Given />
      {chosen === 'cash' && due > 0 && <QuickAmounts due={due} />}
      <Keypad label={t('amount.keypad')} onDigit={typeDigit} onDelete={deleteDigit} hasDoubleZero />
    </section>
  );
}

function Taken({ wallets }: { readonly wallets: Wallets }) {
  const speech = useSpeech();
  const { t, money } = speech;
  const tenders = usePage((state) => state.tenders);
  return (
    <ul aria-label={t('tender.taken')} className="min-h-0 flex-1 overflow-y-auto">
      {tenders.map((tender, index) => {
        const name = tenderName(speech, tender.tenderType, wallets);
        return (
          <li key={`${index} ${tender.tenderType}`} className="flex items-center gap-2 text-m">
            <span className="flex-1">{name}</span>
            <span className="font-semibold tabular-nums">{money(tender.amountMinor)}</span>
            <IconButton
              label={t('tender.remove', { tender: name, amountMinor: tender.amountMinor })}
              onPress={() => removeTender(index)}
            >
              <X size={18} aria-hidden />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}

function Row(props: { readonly name: string; readonly value: string; readonly testId: string }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt>{props.name}</dt>
      <dd className="text-l font-semibold tabular-nums" data-testid={props.testId}>
        {props.value}
      </dd>
    </div>
  );
}

/** A scan amid the payment raises what is due: nobody may find out from the customer. */
function Changed({ totalMinor }: { readonly totalMinor: number }) {
  const { t } = useSpeech();
  const [beforeMinor] = useState(totalMinor);
  return (
    <p role="status" className="text-s font-semibold text-warn" data-testid="tender-changed">
      {totalMinor !== beforeMinor && t('tender.changed', { beforeMinor, totalMinor })}
    </p>
  );
}

function DueColumn({ basket, due }: { readonly basket: BasketView; readonly due: number }) {
  const { t, money } = useSpeech();
  const digits = usePage((state) => state.givenDigits);
  const isCommitting = usePage((state) => state.isCommitting);
  const exact = usePage(exactMinor);
  const given = digits === '' ? exact : amountOf(digits);
  const isWhole = given >= due;
  return (
    <section aria-label={t('tender.due')} className="card">
      <Taken wallets={basket.member?.wallets ?? NO_WALLETS} />
      <TotalRows basket={basket} />
      <Total basket={basket} />
      <Changed totalMinor={basket.totalMinor} />
      <dl className="text-m">
        <Row name={t('tender.due')} value={money(due)} testId="due" />
        {given > due && (
          <Row name={t('done.change')} value={money(given - due)} testId="change-due" />
        )}
      </dl>
      <Earns basket={basket} />
      <div className="flex gap-2">
        <Plain onPress={leaveTender} testId="leave-tender">
          {t('app.back')}
        </Plain>
        <div className="grid flex-1">
          <Primary onPress={giveTyped} isDisabled={isCommitting} testId="complete">
            {isCommitting
              ? t('tender.saving')
              : isWhole
                ? t('tender.complete')
                : t('tender.take', { amountMinor: given })}
            <kbd>F12</kbd>
          </Primary>
        </div>
      </div>
    </section>
  );
}

export function Tender({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const due = usePage(dueMinor);
  const { basket } = snapshot;
  return (
    <main className="columns-sale">
      <MemberColumn basket={basket} />
      <GivenColumn due={due} wallets={basket.member?.wallets ?? NO_WALLETS} />
      <DueColumn basket={basket} due={due} />
    </main>
  );
}
