// Owns the sign-in screen: a PIN by keyboard, by touch or pasted; the sale in progress waits.
import { useEffect, useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { refusalWords, useSpeech } from '#renderer/format.ts';
import { Primary } from '#renderer/parts/button.tsx';
import { Keypad } from '#renderer/parts/keypad.tsx';
import { signIn, typePin } from '#renderer/state/actions.ts';
import { change, page, usePage } from '#renderer/state/store.ts';
import type { SessionSnapshot } from '#till/contract.ts';

const TICK_MS = 250;

/** Whole seconds until PINs are taken again, 0 when they are. */
function useLockedSeconds(): number {
  const untilMs = usePage((state) => state.pinLockedUntilMs);
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    if (untilMs === null) return;
    const timer = setInterval(() => {
      const now = performance.now();
      setNowMs(now);
      if (now >= untilMs) change({ pinLockedUntilMs: null, refusal: null });
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [untilMs]);
  return untilMs === null ? 0 : Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
}

function Problem({ snapshot, seconds }: { snapshot: SessionSnapshot; seconds: number }) {
  const { words } = useSpeech();
  const refusal = usePage((state) => state.refusal);
  const text =
    refusal !== null
      ? words({ ...refusalWords(refusal), ...(seconds > 0 && { args: { seconds } }) })
      : snapshot.notice !== null && snapshot.notice.tone !== 'good'
        ? words(snapshot.notice.words)
        : '';
  return (
    <p
      role="status"
      className="min-h-12 text-center text-s font-semibold text-bad"
      data-testid="notice"
    >
      {text}
    </p>
  );
}

function PinField({ isLocked }: { readonly isLocked: boolean }) {
  const { t } = useSpeech();
  const pinDigits = usePage((state) => state.pinDigits);
  return (
    <TextField
      autoFocus
      type="password"
      value={pinDigits}
      onChange={typePin}
      isReadOnly={isLocked}
      className="flex flex-col gap-3"
    >
      <Label className="text-center text-l font-semibold">{t('lock.title')}</Label>
      <Input
        className="field min-h-16 text-center text-xl tracking-widest"
        // The pad below is the touch keyboard.
        inputMode="none"
        autoComplete="current-password"
        data-testid="pin"
      />
    </TextField>
  );
}

export function Lock({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useSpeech();
  const seconds = useLockedSeconds();
  const pinDigits = usePage((state) => state.pinDigits);
  const { basket } = snapshot;
  const isOpenSale = basket.lineCount > 0;
  return (
    <main className="grid min-h-0 place-items-center" data-testid="lock-screen">
      <form
        className="card max-h-full w-96"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <PinField isLocked={seconds > 0} />
        <p className="text-center text-s text-soft">
          {isOpenSale ? t('lock.saleKept', { totalMinor: basket.totalMinor }) : t('lock.text')}
        </p>
        <Problem snapshot={snapshot} seconds={seconds} />
        <Keypad
          label={t('lock.pin')}
          onDigit={(digit) => typePin(page().pinDigits + digit)}
          onDelete={() => typePin(page().pinDigits.slice(0, -1))}
          hasDoubleZero={false}
        />
        <Primary
          onPress={() => void signIn()}
          isDisabled={seconds > 0 || pinDigits.length < 4}
          testId="sign-in"
        >
          {seconds > 0 ? t('lock.seconds', { seconds }) : t('lock.signIn')}
        </Primary>
      </form>
    </main>
  );
}
