// Owns the question which row of the slip of letters reads right; the printer prints by it.
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Kept } from '#renderer/parts/verdict.tsx';
import { confirmPage } from '#renderer/state/deviceActions.ts';
import type { DevicesView } from '#till/contract.ts';

type Printer = NonNullable<DevicesView['configuration']['printer']>;

const NONE = 'none';

function look({ isSelected }: { readonly isSelected: boolean }): string {
  return `button ${isSelected ? 'button-filled' : ''}`;
}

/** Letters to touch, as they stand at the head of each row on paper; one stop of the Tab key. */
export function PageQuestion(props: { readonly printer: Printer; readonly devices: DevicesView }) {
  const { t } = useSpeech();
  const { printer, devices } = props;
  const { address, confirmedPage } = printer;
  const result = devices.results.find((one) => one.kind === 'codePages' && one.address === address);
  const chosen = devices.pageRows.find(
    ({ page, number }) => page === confirmedPage?.page && number === confirmedPage.number,
  );
  const noneKey = result?.isPassed === false ? NONE : null;
  const selected = chosen?.label ?? noneKey;
  const choose = (keys: Set<string | number>) => {
    const [label] = keys;
    const row = devices.pageRows.find((one) => one.label === label);
    confirmPage(row === undefined ? null : { page: row.page, number: row.number });
  };
  return (
    <div className="flex flex-col gap-2 rounded-m border border-line p-3" data-testid="ask-page">
      <p className="text-s font-semibold">{t('devices.ask.codePages')}</p>
      <ToggleButtonGroup
        aria-label={t('devices.ask.codePages')}
        selectionMode="single"
        disallowEmptySelection={selected !== null}
        selectedKeys={selected === null ? [] : [selected]}
        onSelectionChange={choose}
        className="grid grid-cols-[repeat(auto-fill,minmax(44px,1fr))] gap-2"
      >
        {devices.pageRows.map((row) => (
          <ToggleButton
            key={row.label}
            id={row.label}
            aria-label={t('devices.pageRow', { ...row })}
            className={look}
            data-testid={`page-${row.label}`}
          >
            {row.label}
          </ToggleButton>
        ))}
        <ToggleButton
          id={NONE}
          className={(state) => `${look(state)} col-span-full`}
          data-testid="page-none"
        >
          {t('devices.noPage')}
        </ToggleButton>
      </ToggleButtonGroup>
      {chosen !== undefined && <p className="text-s">{t('devices.pageRow', { ...chosen })}</p>}
      <Kept kind="codePages" address={address} devices={devices} />
    </div>
  );
}
