// Owns the column of devices: which the till uses, how each is set, and which others there are.
import { Monitor, Printer, RefreshCw, ScanLine, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { IconButton, Plain } from '#renderer/parts/button.tsx';
import { Chip } from '#renderer/parts/chip.tsx';
import { Choose } from '#renderer/parts/choose.tsx';
import { ScannerSettings } from '#renderer/parts/scannerSettings.tsx';
import { SearchEnd } from '#renderer/parts/searchEnd.tsx';
import {
  addressOf,
  chooseDevice,
  choosePrinter,
  chooseProfile,
  findDevices,
  isChosen,
  removePrinter,
  removeScanner,
  setLineDisplay,
  testDisplay,
} from '#renderer/state/deviceActions.ts';
import type { DevicesView } from '#till/contract.ts';

type Scanner = DevicesView['configuration']['scanners'][number];
type Found = NonNullable<DevicesView['found']>[number];

/** Two rows of twenty are what nearly every display has. */
const DISPLAY_COLUMNS = 20;

const stateTone = {
  none: 'plain',
  absent: 'bad',
  opening: 'warn',
  ready: 'good',
  lost: 'bad',
} as const;

/** Its own name, of now or of when it was chosen; null for one that was never told. */
function nameOf({ found }: DevicesView, address: string, chosenAs: string | null | undefined) {
  return found?.find((one) => one.address === address)?.name ?? chosenAs ?? null;
}

/** By its own name; the address tells two of a model apart. */
function DeviceName({ name, address }: { readonly name: string | null; readonly address: string }) {
  return (
    <span className="min-w-0 flex-1">
      <span className="block truncate font-semibold rtl:text-right" dir="auto">
        {name ?? address}
      </span>
      {name !== null && (
        <span className="block truncate text-s text-soft rtl:text-right" dir="ltr">
          {address}
        </span>
      )}
    </span>
  );
}

function ChosenScanner(props: {
  readonly scanner: Scanner;
  readonly devices: DevicesView;
  readonly isFixed: boolean;
}) {
  const { t, words } = useSpeech();
  const { scanner, devices, isFixed } = props;
  const seen = devices.scanners.find(({ deviceId }) => deviceId.endsWith(scanner.address));
  const state = seen?.state ?? 'opening';
  const name = nameOf(devices, scanner.address, scanner.name);
  return (
    <li className="flex flex-col gap-2 rounded-m border border-line p-3">
      <div className="flex items-center gap-2">
        <ScanLine size={20} aria-hidden className="flex-none" />
        <DeviceName name={name} address={scanner.address} />
        <IconButton
          label={t('devices.remove', { name: name ?? scanner.address })}
          isDisabled={isFixed}
          onPress={() => removeScanner(scanner.address)}
        >
          <Trash2 size={20} aria-hidden />
        </IconButton>
      </div>
      <div>
        <Chip tone={stateTone[state]} icon={null}>
          {t(`devices.state.${state}`)}
        </Chip>
      </div>
      {seen?.problem != null && state !== 'ready' && (
        <p className="text-s text-bad">{words(seen.problem)}</p>
      )}
      {seen !== undefined && seen.suppressedCount > 0 && (
        <p className="text-s text-soft">
          {t('devices.suppressed', { count: seen.suppressedCount })}
        </p>
      )}
      <ScannerSettings scanner={scanner} devices={devices} isFixed={isFixed} />
    </li>
  );
}

function ChosenPrinter({ devices, isFixed }: { devices: DevicesView; readonly isFixed: boolean }) {
  const { t } = useSpeech();
  const { printer } = devices.configuration;
  if (printer === null) return null;
  const { state } = devices.printer;
  const { address, capabilities } = printer;
  const name = nameOf(devices, address, printer.name ?? capabilities?.modelName);
  return (
    <li className="flex flex-col gap-2 rounded-m border border-line p-3">
      <div className="flex items-center gap-2">
        <Printer size={20} aria-hidden className="flex-none" />
        <DeviceName name={name} address={address} />
        <IconButton
          label={t('devices.remove', { name: name ?? address })}
          isDisabled={isFixed}
          onPress={removePrinter}
        >
          <Trash2 size={20} aria-hidden />
        </IconButton>
      </div>
      <div>
        <Chip tone={stateTone[state]} icon={null}>
          {t(`devices.state.${state}`)}
        </Chip>
      </div>
      <Choose
        label={t('devices.profile')}
        selected={printer.profileId}
        isDisabled={isFixed}
        choices={devices.profiles.map(({ profileId, name }) => ({ id: profileId, name }))}
        onChoose={chooseProfile}
      />
    </li>
  );
}

type Display = NonNullable<DevicesView['configuration']['lineDisplay']>;

function ChosenDisplay(props: {
  readonly display: Display;
  readonly seen: DevicesView['display'];
  readonly isFixed: boolean;
}) {
  const { t, words } = useSpeech();
  const { display, seen, isFixed } = props;
  return (
    <li className="flex flex-col gap-2 rounded-m border border-line p-3">
      <div className="flex items-center gap-2">
        <Monitor size={20} aria-hidden className="flex-none" />
        <span className="min-w-0 flex-1 truncate font-semibold">{display.address}</span>
        <IconButton
          label={t('devices.remove', { name: display.address })}
          isDisabled={isFixed}
          onPress={() => void setLineDisplay(null)}
        >
          <Trash2 size={20} aria-hidden />
        </IconButton>
      </div>
      <div>
        <Chip tone={stateTone[seen.state]} icon={null}>
          {t(`devices.state.${seen.state}`)}
        </Chip>
      </div>
      {seen.problem !== null && <p className="text-s text-bad">{words(seen.problem)}</p>}
      <Choose
        label={t('devices.displayColumns')}
        selected={String(display.columns)}
        isDisabled={isFixed}
        choices={['16', '20', '40'].map((columns) => ({ id: columns, name: columns }))}
        onChoose={(columns) => void setLineDisplay({ ...display, columns: Number(columns) })}
      />
      <Plain onPress={testDisplay} testId="test-display">
        {t('devices.testDisplay')}
      </Plain>
      <p className="text-s text-soft">{t('devices.testDisplay.look')}</p>
    </li>
  );
}

function FoundItem(props: {
  readonly found: Found;
  readonly devices: DevicesView;
  readonly isFixed: boolean;
}) {
  const { t } = useSpeech();
  const { found, devices, isFixed } = props;
  const { problem } = found;
  return (
    <li className="flex items-center gap-2 border-b border-line py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold rtl:text-right" dir="auto">
          {found.name}
        </p>
        <p className="truncate text-s text-soft">
          {t(`devices.kind.${found.kind}`)} · <bdi dir="ltr">{found.path ?? found.address}</bdi>
        </p>
        {problem !== null && (
          <p className="text-s text-bad">
            {t(problem === 'permission' ? 'device.not-permitted' : `device.${problem}`)}
          </p>
        )}
      </div>
      {isChosen(devices, found.address) ? (
        <Chip tone="good" icon={null}>
          {t('devices.inUse')}
        </Chip>
      ) : (
        <Plain onPress={() => chooseDevice(found)} isDisabled={isFixed || problem !== null}>
          {t('devices.use')}
          <span className="sr-only"> {found.name}</span>
        </Plain>
      )}
    </li>
  );
}

/** What no search finds is typed: a network printer's self-test paper has its address. */
function TypedAddress(props: {
  readonly label: string;
  readonly example: string;
  readonly isFixed: boolean;
  /** False when the till refused it: what was typed stays to be mended. */
  readonly onUse: (address: string) => Promise<boolean>;
}) {
  const { t } = useSpeech();
  const { label, example, isFixed, onUse } = props;
  const [host, setHost] = useState('');
  const submit = async () => {
    if (await onUse(addressOf(host.trim()))) setHost('');
  };
  return (
    <TextField value={host} onChange={setHost} isDisabled={isFixed} className="flex flex-col gap-1">
      <Label className="text-s text-soft">{label}</Label>
      <div className="flex gap-2">
        <Input
          className="field min-w-0 flex-1"
          placeholder={example}
          maxLength={190}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && host !== '') void submit();
          }}
        />
        <Plain onPress={() => void submit()} isDisabled={isFixed || host === ''}>
          {t('devices.use')}
          <span className="sr-only"> {label}</span>
        </Plain>
      </div>
    </TextField>
  );
}

export function DeviceList({ devices, isManager }: { devices: DevicesView; isManager: boolean }) {
  const { t } = useSpeech();
  const isFixed = !isManager;
  const { scanners, lineDisplay } = devices.configuration;
  return (
    <>
      <h2 className="text-l font-semibold">{t('devices.title')}</h2>
      {isFixed && <p className="text-s text-soft">{t('devices.manager')}</p>}
      {devices.isNamedAtStart && <p className="text-s text-warn">{t('devices.named')}</p>}
      <ul className="flex flex-col gap-2" aria-label={t('devices.chosen')}>
        {scanners.map((scanner) => (
          <ChosenScanner
            key={scanner.address}
            scanner={scanner}
            devices={devices}
            isFixed={isFixed}
          />
        ))}
        <ChosenPrinter devices={devices} isFixed={isFixed} />
        {lineDisplay !== null && (
          <ChosenDisplay display={lineDisplay} seen={devices.display} isFixed={isFixed} />
        )}
      </ul>
      <div className="flex items-center gap-2">
        <h3 className="flex-1 text-m font-semibold">{t('devices.found')}</h3>
        <Plain onPress={findDevices} isDisabled={devices.isFinding} testId="find-devices">
          <RefreshCw size={20} aria-hidden />
          {devices.isFinding ? t('devices.finding') : t('devices.find')}
          <kbd>F5</kbd>
        </Plain>
      </div>
      <SearchEnd {...devices} />
      <ul aria-label={t('devices.found')}>
        {devices.found?.map((found) => (
          <FoundItem
            key={`${found.kind} ${found.address}`}
            found={found}
            devices={devices}
            isFixed={isFixed}
          />
        ))}
      </ul>
      <TypedAddress
        label={t('devices.network')}
        example="192.168.1.50"
        isFixed={isFixed}
        onUse={(address) => choosePrinter(address)}
      />
      {lineDisplay === null && (
        <TypedAddress
          label={t('devices.display')}
          example="serial:/dev/ttyUSB1?baud=9600"
          isFixed={isFixed}
          onUse={(address) => setLineDisplay({ address, columns: DISPLAY_COLUMNS })}
        />
      )}
    </>
  );
}
