// Owns the bar at the top: where we are, who sells, and how line, printer and scanner stand.
import {
  CloudOff,
  LockKeyhole,
  Menu as MenuIcon,
  Moon,
  Printer,
  PrinterX,
  Wifi,
} from 'lucide-react';
import {
  Button,
  ListBox,
  ListBoxItem,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Select,
  SelectValue,
  ToggleButton,
} from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Chip } from '#renderer/parts/chip.tsx';
import { lock, openDrawer, showDay, showLastSale } from '#renderer/state/actions.ts';
import { showDevices } from '#renderer/state/deviceActions.ts';
import { showReceiptEditor } from '#renderer/state/receiptActions.ts';
import { setDark, setLanguage, usePage } from '#renderer/state/store.ts';
import type { SessionSnapshot } from '#till/contract.ts';
import { languageOf, languages } from '#words/say.ts';

function LineChip({ sync }: { readonly sync: SessionSnapshot['sync'] }) {
  const { t } = useSpeech();
  const count = sync.waitingCount;
  if (!sync.isOnline) {
    return (
      <Chip tone="warn" icon={<CloudOff size={18} aria-hidden />} testId="offline">
        {t('status.offline', { count })}
      </Chip>
    );
  }
  return (
    <Chip tone="good" icon={<Wifi size={18} aria-hidden />} testId="offline">
      {count === 0 ? t('status.online') : t('status.onlineWaiting', { count })}
    </Chip>
  );
}

function PrinterChip({ printer }: { readonly printer: SessionSnapshot['printer'] }) {
  const { t } = useSpeech();
  const { state } = printer;
  const isFine = state === 'ready' || state === 'printing';
  const tone = state === 'none' ? 'plain' : isFine ? 'good' : 'bad';
  const Icon = isFine ? Printer : PrinterX;
  const waiting = !isFine && printer.waitingCount > 0;
  return (
    <Chip tone={tone} icon={<Icon size={18} aria-hidden />} testId="printer">
      {t(`printer.${state}`)}
      {waiting && ` · ${t('status.receiptsWaiting', { count: printer.waitingCount })}`}
    </Chip>
  );
}

function LanguageSelect() {
  const { t, language } = useSpeech();
  return (
    <Select
      aria-label={t('app.language')}
      selectedKey={language}
      onSelectionChange={(key) => setLanguage(languageOf(String(key)))}
    >
      <Button className="button min-h-11">
        <SelectValue>{language.toUpperCase()}</SelectValue>
      </Button>
      <Popover className="rounded-m border border-line bg-panel p-1 text-ink shadow-pop">
        <ListBox>
          {languages.map((one) => (
            <ListBoxItem key={one} id={one} className="option min-w-40">
              {t(`app.language.${one}`)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

function TillMenu({ isManager }: { readonly isManager: boolean }) {
  const { t } = useSpeech();
  return (
    <MenuTrigger>
      <Button className="button button-icon" aria-label={t('app.menu')} data-testid="menu">
        <MenuIcon size={22} aria-hidden />
      </Button>
      <Popover className="rounded-m border border-line bg-panel p-1 text-ink shadow-pop">
        <Menu className="outline-none" aria-label={t('app.menu')}>
          <MenuItem className="option min-w-64" onAction={() => void showLastSale()}>
            <span className="flex-1">{t('last.open')}</span>
            <kbd>F8</kbd>
          </MenuItem>
          <MenuItem className="option" onAction={openDrawer}>
            <span className="flex-1">{t('drawer.open')}</span>
            <kbd>F4</kbd>
          </MenuItem>
          <MenuItem className="option" onAction={showDay}>
            <span className="flex-1">{t('day.open')}</span>
            <kbd>F10</kbd>
          </MenuItem>
          <MenuItem className="option" onAction={showDevices}>
            <span className="flex-1">{t('devices.open')}</span>
          </MenuItem>
          {isManager && (
            <MenuItem className="option" onAction={showReceiptEditor}>
              <span className="flex-1">{t('template.open')}</span>
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function ThemeToggle() {
  const { t } = useSpeech();
  const isDark = usePage((state) => state.isDark);
  return (
    <ToggleButton
      className="button button-icon"
      aria-label={t('app.theme.dark')}
      isSelected={isDark}
      onChange={setDark}
    >
      <Moon size={20} aria-hidden />
    </ToggleButton>
  );
}

function OperatorButton({ operator }: { readonly operator: SessionSnapshot['operator'] }) {
  const { t } = useSpeech();
  if (operator === null) return null;
  return (
    <Button className="button min-h-11 max-w-44" onPress={lock} data-testid="lock">
      <LockKeyhole size={18} aria-hidden className="flex-none" />
      <span className="truncate" data-testid="operator">
        {operator.name}
      </span>
      <span className="sr-only">{t('lock.now')}</span>
    </Button>
  );
}

export function TopBar({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useSpeech();
  const { storeName, tillId } = snapshot.workstation;
  return (
    <header className="flex h-14 items-center gap-2 border-b border-line bg-panel px-4">
      <h1 className="min-w-24 truncate text-m font-semibold">
        {t('app.storeAndTill', { storeName, tillId })}
      </h1>
      <div className="ms-auto flex flex-none items-center gap-2">
        <LineChip sync={snapshot.sync} />
        <PrinterChip printer={snapshot.printer} />
        <LanguageSelect />
        <ThemeToggle />
        <OperatorButton operator={snapshot.operator} />
        {snapshot.operator !== null && (
          <TillMenu isManager={snapshot.operator.role === 'manager'} />
        )}
      </div>
    </header>
  );
}
