// Owns what is said when a search for devices begins and ends, to whoever does not see the list.
import { useSpeech } from '#renderer/format.ts';
import type { DevicesView } from '#till/contract.ts';

export function SearchEnd({ isFinding, found }: Pick<DevicesView, 'isFinding' | 'found'>) {
  const { t } = useSpeech();
  const count = found?.length ?? null;
  const isNothing = count === 0 && !isFinding;
  return (
    <p
      role="status"
      className={isNothing ? 'text-s text-soft' : 'sr-only'}
      data-testid="search-end"
    >
      {isFinding && t('devices.finding')}
      {isNothing && t('devices.none')}
      {!isFinding && count !== null && count > 0 && t('devices.foundCount', { count })}
    </p>
  );
}
