// Owns the middle column of a sale: the product search, and the amount with its digit pad.
import { Plus, Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Input, ListBox, ListBoxItem, SearchField } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Plain } from '#renderer/parts/button.tsx';
import { Keypad } from '#renderer/parts/keypad.tsx';
import {
  addAmount,
  addProduct,
  amountOf,
  deleteDigit,
  typeDigit,
} from '#renderer/state/actions.ts';
import { call } from '#renderer/state/connection.ts';
import { change, usePage } from '#renderer/state/store.ts';
import type { MethodOutput } from '#till/contract.ts';

type Found = MethodOutput<'catalogue.search'>['items'];

const RESULTS_MAX = 30;

/** Null while nothing is asked for; an answer to an older question is dropped. */
function useFound(query: string): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (query.trim() === '') {
      setFound(null);
      return;
    }
    void call('catalogue.search', { query, limit: RESULTS_MAX }).then((answer) => {
      if (isCurrent && answer !== null) setFound(answer.items);
    });
    return () => {
      isCurrent = false;
    };
  }, [query]);
  return found;
}

function Results({ found, query }: { readonly found: Found; readonly query: string }) {
  const { t, money } = useSpeech();
  if (found.length === 0) return <p className="p-4 text-m">{t('catalogue.none', { query })}</p>;
  return (
    <ListBox
      aria-label={t('catalogue.results')}
      className="min-h-0 flex-1 overflow-y-auto"
      onAction={(sku) => addProduct(String(sku))}
      items={found}
    >
      {(item) => (
        <ListBoxItem id={item.sku} textValue={item.name} className="option">
          <span className="flex-1">{item.name}</span>
          <span className="font-semibold tabular-nums">{money(item.unitPriceMinor)}</span>
        </ListBoxItem>
      )}
    </ListBox>
  );
}

function ProductSearch({ found }: { readonly found: Found | null }) {
  const { t } = useSpeech();
  const searchText = usePage((state) => state.searchText);
  const addFirst = () => {
    const first = found?.[0];
    if (first !== undefined) addProduct(first.sku);
  };
  return (
    <SearchField
      aria-label={t('catalogue.search')}
      value={searchText}
      onChange={(text) => change({ searchText: text.slice(0, 100) })}
      onSubmit={addFirst}
      className="relative"
    >
      <Search size={20} aria-hidden className="absolute inset-s-3 top-3.5 text-soft" />
      <Input
        id="product-search"
        className="field ps-10 pe-12"
        placeholder={`${t('catalogue.search')} (F3)`}
        autoComplete="off"
      />
      {searchText !== '' && (
        <button
          type="button"
          aria-label={t('app.close')}
          className="absolute inset-e-0 top-0 grid size-12 place-items-center"
          onClick={() => change({ searchText: '' })}
        >
          <X size={20} aria-hidden />
        </button>
      )}
    </SearchField>
  );
}

function Amount() {
  const { t, money } = useSpeech();
  const digits = usePage((state) => state.amountDigits);
  const name = usePage((state) => state.amountName);
  return (
    <div className="flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <p className="truncate text-s text-soft">{name === '' ? t('amount.title') : name}</p>
        <p className={`amount ${digits === '' ? 'text-soft' : ''}`} data-testid="amount">
          {money(amountOf(digits))}
        </p>
      </div>
      <Plain onPress={() => void addAmount()} isDisabled={amountOf(digits) === 0} testId="add">
        <Plus size={20} aria-hidden />
        {t('amount.add')}
      </Plain>
    </div>
  );
}

export function EntryColumn() {
  const { t } = useSpeech();
  const searchText = usePage((state) => state.searchText);
  const found = useFound(searchText);
  return (
    <section aria-label={t('entry.title')} className="card">
      <h2 className="sr-only">{t('entry.title')}</h2>
      <ProductSearch found={found} />
      {found === null ? (
        <>
          <Amount />
          <Keypad
            label={t('amount.keypad')}
            onDigit={typeDigit}
            onDelete={deleteDigit}
            hasDoubleZero
          />
        </>
      ) : (
        <Results found={found} query={searchText} />
      )}
    </section>
  );
}
