// Owns the lines of the sale: one chosen line at a time shows what can be done to it.
import { Minus, Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { IconButton } from '#renderer/parts/button.tsx';
import { removeLine, stepQuantity } from '#renderer/state/actions.ts';
import { change, usePage } from '#renderer/state/store.ts';
import type { BasketView } from '#till/contract.ts';
import { decimalText } from '#words/say.ts';

type Line = BasketView['lines'][number];

function Steps({ line, name }: { readonly line: Line; readonly name: string }) {
  const { t } = useSpeech();
  return (
    <>
      <IconButton label={t('basket.fewer', { name })} onPress={() => stepQuantity(line, -1)}>
        <Minus size={20} aria-hidden />
      </IconButton>
      <span className="min-w-9 text-center text-m font-semibold tabular-nums">{line.quantity}</span>
      <IconButton label={t('basket.more', { name })} onPress={() => stepQuantity(line, 1)}>
        <Plus size={20} aria-hidden />
      </IconButton>
    </>
  );
}

function LineTools({ line, name }: { readonly line: Line; readonly name: string }) {
  const { t } = useSpeech();
  return (
    <div className="flex items-center gap-2 px-2 pb-2">
      {/* Another piece weighs something else: it is put on the scale, not counted. */}
      {line.quantityMilli === undefined && <Steps line={line} name={name} />}
      <span className="flex-1 text-s text-soft">
        {line.quantity > 1 && t('basket.each', { unitPriceMinor: line.unitPriceMinor })}
      </span>
      <IconButton label={t('basket.remove', { name })} onPress={() => removeLine(line)}>
        <Trash2 size={20} aria-hidden />
      </IconButton>
    </div>
  );
}

function LineRow({ line, isChosen }: { readonly line: Line; readonly isChosen: boolean }) {
  const { t, money } = useSpeech();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  });
  const name = line.name === '' ? t('amount.line') : line.name;
  return (
    <li ref={row} className={`rounded-s ${isChosen ? 'bg-sunk' : ''}`} data-testid="line">
      <Button
        className="line-button"
        aria-expanded={isChosen}
        onPress={() => change({ chosenLine: line.line })}
      >
        <span className="min-w-0 flex-1 truncate">
          {line.quantity > 1 && (
            <span className="font-semibold tabular-nums">{line.quantity} × </span>
          )}
          {line.quantityMilli !== undefined && (
            <span className="font-semibold tabular-nums">
              {t('basket.weight', { weight: decimalText(line.quantityMilli, 3) })}{' '}
            </span>
          )}
          {name}
        </span>
        <span className="font-semibold tabular-nums">{money(line.grossMinor)}</span>
      </Button>
      {isChosen && <LineTools line={line} name={name} />}
    </li>
  );
}

export function LineList({ basket }: { readonly basket: BasketView }) {
  const { t } = useSpeech();
  const chosenLine = usePage((state) => state.chosenLine);
  const { lines, lineCount } = basket;
  const earlier = lineCount - lines.length;
  const isListed = lines.some((line) => line.line === chosenLine);
  const chosen = isListed ? chosenLine : lines.at(-1)?.line;
  return (
    <>
      <h2 className="flex justify-between text-s text-soft">
        <span className="font-semibold">{t('basket.title')}</span>
        <span>{lineCount > 0 && t('basket.count', { count: lineCount })}</span>
      </h2>
      {lineCount === 0 ? (
        <p className="blank min-h-0 flex-1 text-s text-soft text-balance">{t('basket.empty')}</p>
      ) : (
        <ul className="-m-1 min-h-0 flex-1 overflow-y-auto p-1" data-testid="lines">
          {earlier > 0 && (
            <li className="px-2 py-1 text-s text-soft">
              {t('basket.earlier', { count: earlier })}
            </li>
          )}
          {lines.map((line) => (
            <LineRow key={line.line} line={line} isChosen={line.line === chosen} />
          ))}
        </ul>
      )}
    </>
  );
}
