// Owns the receipt's editor: a text of lines and blocks, checked and shown as it is written.
import { useEffect, useRef, useState } from 'react';
import { FileTrigger, Switch, TextArea, TextField } from 'react-aria-components';
import { useSpeech } from '#renderer/format.ts';
import { Plain, Primary } from '#renderer/parts/button.tsx';
import { Choose } from '#renderer/parts/choose.tsx';
import { PaperRows } from '#renderer/parts/paper.tsx';
import { showSale } from '#renderer/state/actions.ts';
import {
  checkTemplate,
  getTemplate,
  removeLogo,
  saveLogo,
  saveTemplate,
  type TemplateCheck,
  type TemplateView,
} from '#renderer/state/receiptActions.ts';

/** Long enough not to ask at each key, short enough to look immediate. */
const CHECK_AFTER_MS = 250;

function useCheck(text: string, language: string, isGuest: boolean, logoName: string | null) {
  const [check, setCheck] = useState<TemplateCheck | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void checkTemplate(text, language, isGuest).then((answer) => {
        if (isCurrent && answer !== null) setCheck(answer);
      });
    }, CHECK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
    // Another logo is another picture of the same text.
  }, [text, language, isGuest, logoName]);
  return check;
}

function Faults({ check }: { readonly check: TemplateCheck | null }) {
  const { t, words } = useSpeech();
  const faults = check?.faults ?? [];
  return (
    <ul aria-live="polite" aria-label={t('template.faults')} className="flex flex-col gap-1">
      {faults.map((fault) => (
        <li
          key={`${fault.line} ${fault.words.key}`}
          className="text-s text-bad"
          data-testid="fault"
        >
          {fault.line > 0 && <b>{t('template.line', { line: fault.line })} </b>}
          {words(fault.words)}
        </li>
      ))}
    </ul>
  );
}

function Insert(props: {
  readonly title: string;
  readonly names: readonly string[];
  readonly onInsert: (text: string) => void;
}) {
  return (
    <section aria-label={props.title}>
      <h3 className="mb-1 text-s font-semibold text-soft">{props.title}</h3>
      <div className="flex flex-wrap gap-2">
        {props.names.map((name) => (
          <Plain key={name} onPress={() => props.onInsert(name)}>
            <span className="font-mono text-s" dir="ltr">
              {name}
            </span>
          </Plain>
        ))}
      </div>
    </section>
  );
}

function Logo({ name, onChange }: { readonly name: string | null; readonly onChange: () => void }) {
  const { t } = useSpeech();
  const [isTooLarge, setTooLarge] = useState(false);
  const choose = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    setTooLarge((await saveLogo(file)) === 'too-large');
    onChange();
  };
  return (
    <section aria-label={t('template.logo')} className="flex flex-col gap-2">
      <h3 className="text-s font-semibold text-soft">{t('template.logo')}</h3>
      <p className="truncate text-s">{name ?? t('template.noLogo')}</p>
      <div className="flex gap-2">
        <FileTrigger
          acceptedFileTypes={['image/png', 'image/svg+xml']}
          onSelect={(files) => void choose(files)}
        >
          <Plain onPress={() => undefined}>{t('template.chooseLogo')}</Plain>
        </FileTrigger>
        <Plain
          isDisabled={name === null}
          onPress={() => void removeLogo().then((isDone) => isDone && onChange())}
        >
          {t('template.removeLogo')}
        </Plain>
      </div>
      {isTooLarge && <p className="text-s text-bad">{t('template.logoTooLarge')}</p>}
    </section>
  );
}

function Editor({ view, reload }: { readonly view: TemplateView; readonly reload: () => void }) {
  const { t, language: screenLanguage } = useSpeech();
  const [text, setText] = useState(view.text);
  const [language, setLanguage] = useState<string>(screenLanguage);
  const [isGuest, setGuest] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const check = useCheck(text, language, isGuest, view.logoName);
  const isFaulty = check === null || check.faults.length > 0;
  const write = (written: string) => {
    setText(written);
    setSaved(false);
  };
  const insert = (part: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = from } = field.current ?? {};
    write(text.slice(0, from) + part + text.slice(to));
    field.current?.focus();
  };
  return (
    <main className="columns-sale" data-testid="receipt-editor">
      <section aria-label={t('template.text')} className="card">
        <h2 className="text-l font-semibold">{t('template.title')}</h2>
        <TextField
          aria-label={t('template.text')}
          value={text}
          onChange={write}
          className="flex min-h-0 flex-1"
        >
          <TextArea
            ref={field}
            className="field h-full resize-none py-2 font-mono text-s"
            spellCheck={false}
            dir="ltr"
            data-testid="template-text"
          />
        </TextField>
        <Faults check={check} />
      </section>
      <section aria-label={t('template.parts')} className="card overflow-y-auto">
        <Insert
          title={t('template.blocks')}
          names={view.blocks.map((name) => `[${name}]`)}
          onInsert={(name) => insert(`${name}\n`)}
        />
        <Insert
          title={t('template.variables')}
          names={view.variables.map((name) => `{${name}}`)}
          onInsert={insert}
        />
        <Logo name={view.logoName} onChange={reload} />
      </section>
      <section aria-label={t('template.preview')} className="card">
        <div className="flex items-end gap-3">
          <div className="min-w-0 flex-1">
            <Choose
              label={t('template.language')}
              selected={language}
              choices={view.languages.map((id) => ({ id, name: id.toUpperCase() }))}
              onChoose={setLanguage}
              isDisabled={false}
            />
          </div>
          <Switch isSelected={isGuest} onChange={setGuest} className="switch">
            <span className="switch-track" aria-hidden />
            {t('template.guest')}
          </Switch>
        </div>
        {check?.preview == null ? (
          <div className="min-h-0 flex-1" />
        ) : (
          <PaperRows preview={check.preview} />
        )}
        {isSaved && (
          <p role="status" className="text-s text-good" data-testid="template-saved">
            {t('template.saved')}
          </p>
        )}
        <div className="flex gap-2">
          <Plain onPress={showSale}>{t('app.back')}</Plain>
          <Plain
            isDisabled={view.isDefault}
            onPress={() => void saveTemplate(null).then((isDone) => isDone && reload())}
          >
            {t('template.restore')}
          </Plain>
          <div className="grid flex-1">
            <Primary
              isDisabled={isFaulty}
              onPress={() => void saveTemplate(text).then(setSaved)}
              testId="save-template"
            >
              {t('template.save')}
            </Primary>
          </div>
        </div>
      </section>
    </main>
  );
}

export function ReceiptEditor() {
  const { t } = useSpeech();
  const [view, setView] = useState<TemplateView | null>(null);
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    // Asked again after a logo was chosen or the first template was brought back.
    void getTemplate().then((answer) => {
      if (isCurrent && version >= 0) setView(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [version]);
  if (view === null) {
    return <main className="card place-content-center text-center">{t('template.loading')}</main>;
  }
  return (
    <Editor
      key={`${view.isDefault} ${view.text}`}
      view={view}
      reload={() => setVersion(version + 1)}
    />
  );
}
