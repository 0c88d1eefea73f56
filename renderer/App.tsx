// Owns which screen is shown: the till's state decides, then the page's own view.
import { useEffect, useRef } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { KeyHints } from '#renderer/parts/keyHints.tsx';
import { MessageLine } from '#renderer/parts/messageLine.tsx';
import { TopBar } from '#renderer/parts/topBar.tsx';
import { CoreDown } from '#renderer/screens/CoreDown.tsx';
import { Devices } from '#renderer/screens/Devices.tsx';
import { Done } from '#renderer/screens/Done.tsx';
import { EndOfDay } from '#renderer/screens/EndOfDay.tsx';
import { Lock } from '#renderer/screens/Lock.tsx';
import { ReceiptEditor } from '#renderer/screens/ReceiptEditor.tsx';
import { Sale } from '#renderer/screens/Sale.tsx';
import { Tender } from '#renderer/screens/Tender.tsx';
import { play } from '#renderer/sound.ts';
import { saleShown } from '#renderer/state/actions.ts';
import { usePage } from '#renderer/state/store.ts';
import type { SessionSnapshot } from '#till/contract.ts';

function Screen({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const view = usePage((state) => state.view);
  const sale = usePage(saleShown);
  if (view === 'receipt') return <ReceiptEditor />;
  if (view === 'devices') return <Devices snapshot={snapshot} />;
  if (view === 'day') return <EndOfDay snapshot={snapshot} />;
  if (sale !== null) return <Done sale={sale} snapshot={snapshot} />;
  if (view === 'tender') return <Tender snapshot={snapshot} />;
  return <Sale snapshot={snapshot} />;
}

/** Good and bad are heard as well: a cashier looks at the customer, not at the screen. */
function useSounds(snapshot: SessionSnapshot | null): void {
  const refusal = usePage((state) => state.refusal);
  const noticeId = snapshot?.notice?.noticeId ?? null;
  const tone = snapshot?.notice?.tone ?? null;
  const memberId = snapshot?.basket.member?.memberId ?? null;
  const lineCount = snapshot?.basket.lineCount ?? 0;
  const last = useRef({ noticeId, memberId, lineCount, refusal });
  useEffect(() => {
    const before = last.current;
    last.current = { noticeId, memberId, lineCount, refusal };
    const isBad =
      (noticeId !== null && noticeId !== before.noticeId && tone !== 'good') ||
      (refusal !== null && refusal !== before.refusal);
    const isGood =
      (memberId !== null && memberId !== before.memberId) || lineCount > before.lineCount;
    if (isBad) play('bad');
    else if (isGood) play('good');
  }, [noticeId, tone, memberId, lineCount, refusal]);
}

function Till({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const isLocked = snapshot.state === 'locked';
  return (
    <div className="frame h-dvh grid-rows-[auto_1fr_auto] bg-ground text-ink">
      <TopBar snapshot={snapshot} />
      <div className="frame min-h-0 grid-rows-[auto_minmax(0,1fr)] gap-3 p-3 wide:p-4">
        {isLocked ? (
          <>
            <span />
            <Lock snapshot={snapshot} />
          </>
        ) : (
          <>
            <MessageLine snapshot={snapshot} />
            <Screen snapshot={snapshot} />
          </>
        )}
      </div>
      <KeyHints snapshot={snapshot} />
    </div>
  );
}

export function App() {
  const { language, locale } = useSpeech();
  const connection = usePage((state) => state.connection);
  const snapshot = usePage((state) => state.snapshot);
  const isDark = usePage((state) => state.isDark);
  useSounds(snapshot);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }, [language, isDark]);
  const isCovered = connection !== 'open';
  return (
    <I18nProvider locale={locale}>
      {snapshot !== null && (
        <div inert={isCovered} aria-hidden={isCovered}>
          <Till snapshot={snapshot} />
        </div>
      )}
      {isCovered && <CoreDown connection={connection} />}
    </I18nProvider>
  );
}
