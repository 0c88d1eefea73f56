// Owns the bar at the foot: which keys lead on from here.
import { useSpeech } from '#renderer/format.ts';
import { hintsFor } from '#renderer/state/keys.ts';
import { usePage } from '#renderer/state/store.ts';

export function KeyHints() {
  const { t } = useSpeech();
  const state = usePage((all) => all);
  return (
    <footer className="flex h-10 items-center gap-5 overflow-hidden border-t border-line bg-panel px-4 text-s whitespace-nowrap text-soft">
      {hintsFor(state).map((hint) => (
        <span key={hint.key} className="flex items-center gap-2">
          <kbd>{hint.key}</kbd>
          {t(hint.label)}
        </span>
      ))}
    </footer>
  );
}
