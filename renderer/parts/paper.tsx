// Owns the picture of a receipt: the rows that the printer prints, drawn in its columns.
import { useEffect, useState } from 'react';
import { useSpeech } from '#renderer/format.ts';
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

function PaperLine({ row }: { readonly row: PaperRow }) {
  const { t } = useSpeech();
  if (row.type === 'cut') return <hr className="my-2 border-t-2 border-dashed border-print" />;
  if (row.type === 'text') {
    return (
      <div className="min-h-[1.25em] whitespace-pre">
        {row.runs.map((run, index) => (
          <span
            key={`${index} ${run.text}`}
            className={`inline-block ${run.bold ? 'font-bold' : ''}`}
            style={run.scale > 1 ? { fontSize: `${run.scale}em`, lineHeight: 1.1 } : undefined}
          >
            {run.text}
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
