// Owns what stands over everything while the till cannot be reached, and why.
import { LoaderCircle, Unplug } from 'lucide-react';
import { refusalWords, useSpeech } from '#renderer/format.ts';
import { type Connection, usePage } from '#renderer/state/store.ts';
import type { TillError } from '#till/contract.ts';
import type { Key } from '#words/en.ts';

const said: Readonly<Record<Exclude<Connection, 'open'>, readonly [Key, Key]>> = {
  connecting: ['core.connecting.title', 'core.connecting.text'],
  down: ['core.down.title', 'core.down.text'],
  refused: ['core.refused.title', 'core.refused.text'],
  keyless: ['core.refused.title', 'core.token.text'],
};

/** Why the till will not serve, and what support asks for: which file, and what it says. */
function Fault({ fault }: { readonly fault: TillError }) {
  const { t, words } = useSpeech();
  const { args, code, detail } = fault;
  const path = args?.['path'];
  return (
    <>
      <p className="text-m text-balance">{words(refusalWords(fault))}</p>
      <p className="text-s break-all text-soft select-text">
        {t('app.supportCode', { code })}
        {path !== undefined && ` · ${path}`}
        {detail !== undefined && ` · ${detail}`}
      </p>
    </>
  );
}

export function CoreDown({ connection }: { readonly connection: Exclude<Connection, 'open'> }) {
  const { t } = useSpeech();
  const [title, text] = said[connection];
  const fault = usePage((state) => (connection === 'refused' ? state.refusal : null));
  const isWaiting = connection === 'connecting' || connection === 'down';
  return (
    <div className="fixed inset-0 z-10 grid place-items-center bg-ground p-6">
      <main role="alert" className="card w-full max-w-140 items-center text-center">
        {isWaiting ? (
          <LoaderCircle size={56} aria-hidden className="animate-spin text-brand" />
        ) : (
          <Unplug size={56} aria-hidden className="text-bad" />
        )}
        <h1 className="text-xl font-semibold text-balance" data-testid="core-down">
          {t(title)}
        </h1>
        {fault === null ? (
          <p className="text-m text-soft text-balance">{t(text)}</p>
        ) : (
          <Fault fault={fault} />
        )}
      </main>
    </div>
  );
}
