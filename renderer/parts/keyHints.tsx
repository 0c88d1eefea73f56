// Owns the bar at the foot: which keys lead on from here, and what is unusual about this till.
import { Clock, FlaskConical, ScanLine, TriangleAlert } from 'lucide-react';
import { useSpeech } from '#renderer/format.ts';
import { Chip } from '#renderer/parts/chip.tsx';
import { hintsFor } from '#renderer/state/keys.ts';
import { type PageState, usePage } from '#renderer/state/store.ts';
import type { SessionSnapshot } from '#till/contract.ts';

function Unusual({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useSpeech();
  return (
    <div className="ms-auto flex flex-none items-center gap-2">
      {snapshot.isClockSuspect && (
        <Chip tone="warn" icon={<Clock size={16} aria-hidden />}>
          {t('status.clockSuspect')}
        </Chip>
      )}
      {snapshot.scanner.state === 'lost' && (
        <Chip tone="warn" icon={<ScanLine size={16} aria-hidden />} testId="scanner">
          {t('status.scannerLost')}
        </Chip>
      )}
      {snapshot.workstation.isDemo && (
        <Chip tone="plain" icon={<FlaskConical size={16} aria-hidden />}>
          {t('app.demo')}
        </Chip>
      )}
    </div>
  );
}

/** Whether codes come from the keyboard: no other till misses any while another window has it. */
function isKeyboardScanner({ snapshot, isKeyboardScanned }: PageState): boolean {
  const isSetUp = snapshot?.wedge !== null || snapshot.scanner.state === 'none';
  return isSetUp || isKeyboardScanned;
}

/** In the place of the keys, which are not heard either, so that nothing moves on the screen. */
function NotHeard() {
  const { t } = useSpeech();
  return (
    <p className="flex items-center gap-2 font-semibold text-warn" data-testid="not-heard">
      <TriangleAlert size={20} aria-hidden className="flex-none" />
      {t('status.scannerNotHeard')}
    </p>
  );
}

export function KeyHints({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useSpeech();
  const state = usePage((all) => all);
  const isNotHeard = !state.isInFront && isKeyboardScanner(state);
  return (
    <footer className={`foot ${isNotHeard ? 'bg-warn-soft' : ''}`}>
      <div
        role="status"
        className="flex h-full min-w-0 flex-1 flex-wrap items-center gap-x-4 overflow-hidden"
      >
        {isNotHeard ? (
          <NotHeard />
        ) : (
          hintsFor(state).map((hint) => (
            <span key={hint.key} className="flex h-10 items-center gap-2">
              <kbd>{hint.key}</kbd>
              {t(hint.label)}
            </span>
          ))
        )}
      </div>
      <Unusual snapshot={snapshot} />
    </footer>
  );
}
