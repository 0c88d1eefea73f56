// Owns how one scanner is set: its language, its line, and how it is answered.
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, Switch } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Choose } from '#renderer/parts/choose.tsx';
import { changeScanner } from '#renderer/state/deviceActions.ts';
import type { DevicesView } from '#till/contract.ts';

type Scanner = DevicesView['configuration']['scanners'][number];
type PlainScanner = Extract<Scanner, { type: 'serial' }>;
type LineScanner = Exclude<Scanner, { type: 'hid' }>;
type TalkingScanner = Exclude<Scanner, { type: 'ssi' }>;

const baudRates = ['1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200'];
const parities = ['none', 'even', 'odd'] as const;
const flowControls = ['none', 'xon-xoff'] as const;

function LineSettings(props: {
  readonly scanner: LineScanner;
  readonly devices: DevicesView;
  readonly isFixed: boolean;
}) {
  const { t } = useSpeech();
  const { scanner, devices, isFixed } = props;
  /** Packets know no parity and no answers: what was set of them comes back with plain text. */
  const plain = useRef<PlainScanner | null>(null);
  const speak = (type: string) => {
    const { name, address, baudRate } = scanner;
    if (type === scanner.type) return;
    if (scanner.type === 'serial') {
      plain.current = scanner;
      changeScanner({ type: 'ssi', name, address, baudRate });
    } else {
      changeScanner({ ...devices.usualLine, ...plain.current, name, address, baudRate });
    }
  };
  return (
    <div className="grid grid-cols-2 gap-2">
      <Choose
        label={t('devices.language')}
        selected={scanner.type}
        isDisabled={isFixed}
        choices={[
          { id: 'serial', name: t('devices.language.serial') },
          { id: 'ssi', name: t('devices.language.ssi') },
        ]}
        onChoose={speak}
      />
      <Choose
        label={t('devices.baudRate')}
        selected={String(scanner.baudRate)}
        isDisabled={isFixed}
        choices={baudRates.map((rate) => ({ id: rate, name: rate }))}
        onChoose={(rate) => changeScanner({ ...scanner, baudRate: Number(rate) })}
      />
    </div>
  );
}

/** Only makers whose commands this kind of scanner can be given: others would change nothing. */
function Feedback(props: {
  readonly scanner: TalkingScanner;
  readonly devices: DevicesView;
  readonly isFixed: boolean;
}) {
  const { t } = useSpeech();
  const { scanner, devices, isFixed } = props;
  const makers = devices.makers[scanner.type];
  return (
    <Choose
      label={t('devices.commands')}
      selected={makers.includes(scanner.commands) ? scanner.commands : 'none'}
      isDisabled={isFixed}
      choices={makers.map((maker) => ({ id: maker, name: t(`devices.commands.${maker}`) }))}
      onChoose={(maker) => {
        const commands = makers.find((one) => one === maker) ?? 'none';
        changeScanner({ ...scanner, commands });
      }}
    />
  );
}

function MoreFields({ scanner, isFixed }: { scanner: PlainScanner; readonly isFixed: boolean }) {
  const { t } = useSpeech();
  return (
    <>
      <div className="grid grid-cols-2 gap-2">
        <Choose
          label={t('devices.parity')}
          selected={scanner.parity}
          isDisabled={isFixed}
          choices={parities.map((parity) => ({ id: parity, name: t(`devices.parity.${parity}`) }))}
          onChoose={(id) => {
            const parity = parities.find((one) => one === id) ?? 'none';
            changeScanner({ ...scanner, parity });
          }}
        />
        <Choose
          label={t('devices.flowControl')}
          selected={scanner.flowControl}
          isDisabled={isFixed}
          choices={flowControls.map((flow) => ({
            id: flow,
            name: t(`devices.flowControl.${flow}`),
          }))}
          onChoose={(id) => {
            const flowControl = flowControls.find((one) => one === id) ?? 'none';
            changeScanner({ ...scanner, flowControl });
          }}
        />
      </div>
      <Switch
        isSelected={scanner.isAcknowledged}
        onChange={(isAcknowledged) => changeScanner({ ...scanner, isAcknowledged })}
        isDisabled={isFixed}
        className="switch"
        data-testid="acknowledged"
      >
        <span className="switch-track" aria-hidden />
        {t('devices.acknowledged')}
      </Switch>
      <p className="text-s text-soft">{t('devices.acknowledged.when')}</p>
    </>
  );
}

/** What few scanners need is folded away, unless this one has it set. */
function MoreSettings({ scanner, isFixed }: { scanner: PlainScanner; readonly isFixed: boolean }) {
  const { t } = useSpeech();
  const { parity, flowControl, isAcknowledged } = scanner;
  const [isOpen, setIsOpen] = useState(
    parity !== 'none' || flowControl !== 'none' || isAcknowledged,
  );
  const Arrow = isOpen ? ChevronUp : ChevronDown;
  return (
    <>
      <Button
        className="button min-h-11"
        aria-expanded={isOpen}
        onPress={() => setIsOpen(!isOpen)}
        data-testid="more-settings"
      >
        <span className="min-w-0 flex-1 text-start">{t('devices.more')}</span>
        <Arrow size={18} aria-hidden className="flex-none" />
      </Button>
      {isOpen && <MoreFields scanner={scanner} isFixed={isFixed} />}
    </>
  );
}

export function ScannerSettings(props: {
  readonly scanner: Scanner;
  readonly devices: DevicesView;
  readonly isFixed: boolean;
}) {
  const { scanner, isFixed } = props;
  return (
    <>
      {scanner.type !== 'hid' && <LineSettings {...props} scanner={scanner} />}
      {scanner.type !== 'ssi' && <Feedback {...props} scanner={scanner} />}
      {scanner.type === 'serial' && <MoreSettings scanner={scanner} isFixed={isFixed} />}
    </>
  );
}
