// Owns the picture of a receipt: the rows that the printer prints, drawn in its columns.
import { Fragment, useEffect, useState } from 'react';
import { columnsOfCharacter } from '#drivers/printer/paper/columnWidths.ts';
import { useSpeech } from '#renderer/format.ts';
import { PaperPicture } from '#renderer/parts/paperPicture.tsx';
import { call } from '#renderer/state/connection.ts';
import { usePage } from '#renderer/state/store.ts';
import type { MethodOutput } from '#till/contract.ts';

type Preview = MethodOutput<'receipt.preview'>;
type PaperRow = Preview['rows'][number];

function usePreview(transactionId: string, isVoided: boolean): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  const isOpen = usePage((state) => state.connection === 'open');
  useEffect(() => {
    let isCurrent = true;
    if (!isOpen) return;
    void call('receipt.preview', { transactionId }).then((answer) => {
      if (isCurrent && answer !== null) setPreview(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [transactionId, isVoided, isOpen]);
  return preview;
}

/** A box is no letter: between these marks (UAX #9) it is read on with its neighbours. */
const LEFT_TO_RIGHT = '\u200e';

/**
 * The browser's fonts give Chinese and ₺ a width of their own: what takes two columns on paper is
 * put into boxes of so many, so that the price beside it stays in its column.
 */
function Cells({ text }: { readonly text: string }) {
  const parts: { text: string; columns: number; isWide: boolean }[] = [];
  for (const character of text) {
    const columns = columnsOfCharacter(character);
    const isWide = columns === 2;
    const last = parts.at(-1);
    if (last?.isWide !== isWide) parts.push({ text: character, columns, isWide });
    else {
      last.text += character;
      last.columns += columns;
    }
  }
  return parts.map((part, index) =>
    part.isWide ? (
      <Fragment key={`${index} ${part.text}`}>
        {/\p{L}/u.test(part.text) && LEFT_TO_RIGHT}
        <span className="inline-block text-center" style={{ width: `${part.columns}ch` }}>
          {part.text}
        </span>
        {/\p{L}/u.test(part.text) && LEFT_TO_RIGHT}
      </Fragment>
    ) : (
      part.text
    ),
  );
}

function PaperLine({ row }: { readonly row: PaperRow }) {
  const { t } = useSpeech();
  if (row.type === 'cut') return <hr className="my-2 border-t-2 border-dashed border-print" />;
  if (row.type === 'image') return <PaperPicture row={row} />;
  if (row.type === 'text') {
    return (
      <div className="min-h-[1.25em] whitespace-pre">
        {row.runs.map((run, index) => (
          <span
            key={`${index} ${run.text}`}
            className={`inline-block ${run.bold ? 'font-bold' : ''}`}
            style={run.scale > 1 ? { fontSize: `${run.scale}em`, lineHeight: 1.1 } : undefined}
          >
            <Cells text={run.text} />
          </span>
        ))}
      </div>
    );
  }
  const isQr = row.type === 'qr';
  return (
    <div className={`symbol ${isQr ? 'size-[8em]' : 'h-[3.5em] w-[90%]'}`}>
      {isQr ? t('done.qr') : t('done.barcode', { data: row.data })}
    </div>
  );
}

/** Rows as the printer prints them, in its columns; `receipt.preview` and the editor give both. */
export function PaperRows({ preview }: { readonly preview: Preview }) {
  const { t } = useSpeech();
  const { columns, rows } = preview;
  return (
    <section
      aria-label={t('done.paper', { columns })}
      className="min-h-0 flex-1 overflow-y-auto rounded-s bg-sunk p-2"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
    >
      <div className="paper-area">
        <div
          className="paper mx-auto bg-paper px-[2ch] py-[1em] font-mono text-print shadow-card"
          style={{ '--columns': columns } as React.CSSProperties}
          // Rows are laid out from the left; those read from the right are isolates of their own.
          dir="ltr"
          data-testid="paper"
        >
          {rows.map((row, index) => (
            <PaperLine key={`${index} ${row.type}`} row={row} />
          ))}
        </div>
      </div>
    </section>
  );
}

export function Paper(props: { readonly transactionId: string; readonly isVoided: boolean }) {
  const preview = usePreview(props.transactionId, props.isVoided);
  return preview === null ? <div className="min-h-0 flex-1" /> : <PaperRows preview={preview} />;
}
