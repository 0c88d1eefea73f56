// Owns what is said when a search for devices begins and ends, also to whoever does not see it.
import { useSpeech } from '#renderer/format.ts';
import type { DevicesView } from '#till/contract.ts';

type Search = Pick<DevicesView, 'isFinding' | 'found' | 'findProblem'>;

export function SearchEnd({ isFinding, found, findProblem }: Search) {
  const { t, words } = useSpeech();
  if (findProblem !== null) {
    // An empty list proves nothing where a part of the computer could not be searched.
    return (
      <p role="alert" className="text-s text-bad" data-testid="find-problem">
        {words(findProblem)}
      </p>
    );
  }
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
