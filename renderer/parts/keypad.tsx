// Owns the digit pad: the same keys in the same places for amount, payment and PIN.
import { Delete } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';

interface Props {
  readonly label: string;
  readonly onDigit: (digit: string) => void;
  readonly onDelete: () => void;
  /** Typed at once; a PIN has no double zero. */
  readonly hasDoubleZero: boolean;
}

const rows = ['7', '8', '9', '4', '5', '6', '1', '2', '3'];

export function Keypad({ label, onDigit, onDelete, hasDoubleZero }: Props) {
  const { t } = useSpeech();
  const key = (digit: string) => (
    <Button key={digit} className="key" onPress={() => onDigit(digit)}>
      {digit}
    </Button>
  );
  return (
    <fieldset
      aria-label={label}
      className="grid min-h-0 min-w-0 flex-1 grid-cols-3 gap-2"
      dir="ltr"
    >
      {rows.map(key)}
      {hasDoubleZero ? (
        <Button
          className="key"
          onPress={() => {
            onDigit('0');
            onDigit('0');
          }}
        >
          00
        </Button>
      ) : (
        <span />
      )}
      {key('0')}
      <Button className="key" aria-label={t('key.back')} onPress={onDelete}>
        <Delete size={28} aria-hidden />
      </Button>
    </fieldset>
  );
}
