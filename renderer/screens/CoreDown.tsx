// Owns what stands over everything while the till cannot be reached, and why.
import { LoaderCircle, Unplug } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import type { Connection } from '#renderer/state/store.ts';
import type { Key } from '#words/en.ts';

const said: Readonly<Record<Exclude<Connection, 'open'>, readonly [Key, Key]>> = {
  connecting: ['core.connecting.title', 'core.connecting.text'],
  down: ['core.down.title', 'core.down.text'],
  refused: ['core.refused.title', 'core.refused.text'],
  keyless: ['core.refused.title', 'core.token.text'],
};

export function CoreDown({ connection }: { readonly connection: Exclude<Connection, 'open'> }) {
  const { t } = useSpeech();
  const [title, text] = said[connection];
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
        <p className="text-m text-soft text-balance">{t(text)}</p>
      </main>
    </div>
  );
}
