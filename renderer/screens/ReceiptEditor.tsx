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
  dropDraft,
  readTemplate,
  removeLogo,
  saveLogo,
  saveTemplate,
  type TemplateCheck,
  writeDraft,
} from '#renderer/state/receiptActions.ts';
import { type PageState, usePage } from '#renderer/state/store.ts';

type TemplateView = NonNullable<PageState['template']>;

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

function Logo({ name }: { readonly name: string | null }) {
  const { t } = useSpeech();
  const [isTooLarge, setTooLarge] = useState(false);
  const choose = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    setTooLarge((await saveLogo(file)) === 'too-large');
    void readTemplate();
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
        <Plain isDisabled={name === null} onPress={() => void removeLogo().then(readTemplate)}>
          {t('template.removeLogo')}
        </Plain>
      </div>
      <p role="status" className="text-s text-bad" data-testid="logo-too-large">
        {isTooLarge && t('template.logoTooLarge')}
      </p>
    </section>
  );
}

/** Whether receipts are printed by what stands in the field. */
function Standing({ isDraft, isSaved }: { readonly isDraft: boolean; readonly isSaved: boolean }) {
  const { t } = useSpeech();
  return (
    <div role="status" className="min-w-0 flex-1 text-s">
      {isDraft && (
        <p className="text-warn" data-testid="template-draft">
          {t('template.draft')}
        </p>
      )}
      {isSaved && !isDraft && (
        <p className="text-good" data-testid="template-saved">
          {t('template.saved')}
        </p>
      )}
    </div>
  );
}

interface Sample {
  readonly language: string;
  readonly isGuest: boolean;
}

function SampleChoice(props: {
  readonly languages: readonly string[];
  readonly sample: Sample;
  readonly onChoose: (sample: Sample) => void;
}) {
  const { t } = useSpeech();
  const { languages, sample, onChoose } = props;
  return (
    <div className="flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <Choose
          label={t('template.language')}
          selected={sample.language}
          choices={languages.map((id) => ({ id, name: id.toUpperCase() }))}
          onChoose={(language) => onChoose({ ...sample, language })}
          isDisabled={false}
        />
      </div>
      <Switch
        isSelected={sample.isGuest}
        onChange={(isGuest) => onChoose({ ...sample, isGuest })}
        className="switch"
      >
        <span className="switch-track" aria-hidden />
        {t('template.guest')}
      </Switch>
    </div>
  );
}

function Deciding(props: {
  readonly view: TemplateView;
  readonly text: string;
  readonly isFaulty: boolean;
  /** Takes the focus from the button that goes with its draft. */
  readonly onDrop: () => void;
}) {
  const { t } = useSpeech();
  const { view, text, isFaulty, onDrop } = props;
  const isDraft = usePage((state) => state.templateDraft !== null);
  const [isSaved, setSaved] = useState(false);
  const drop = () => {
    dropDraft();
    onDrop();
  };
  return (
    <>
      <div className="flex min-h-12 items-center gap-2">
        <Standing isDraft={isDraft} isSaved={isSaved} />
        {isDraft && (
          <Plain onPress={drop} testId="drop-draft">
            {t('template.drop')}
          </Plain>
        )}
      </div>
      <div className="flex gap-2">
        <Plain onPress={showSale}>{t('app.back')}</Plain>
        <Plain
          isDisabled={view.isDefault && !isDraft}
          onPress={() => void saveTemplate(null).then(setSaved)}
          testId="restore-template"
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
    </>
  );
}

function Editor({ view }: { readonly view: TemplateView }) {
  const { t, language } = useSpeech();
  const text = usePage((state) => state.templateDraft) ?? view.text;
  const [sample, setSample] = useState<Sample>({ language, isGuest: false });
  const field = useRef<HTMLTextAreaElement>(null);
  const check = useCheck(text, sample.language, sample.isGuest, view.logoName);
  const insert = (part: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = from } = field.current ?? {};
    writeDraft(text.slice(0, from) + part + text.slice(to));
    field.current?.focus();
  };
  return (
    <main className="columns-sale" data-testid="receipt-editor">
      <section aria-label={t('template.text')} className="card">
        <h2 className="text-l font-semibold">{t('template.title')}</h2>
        <TextField
          aria-label={t('template.text')}
          value={text}
          onChange={writeDraft}
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
        <Logo name={view.logoName} />
      </section>
      <section aria-label={t('template.preview')} className="card">
        <SampleChoice languages={view.languages} sample={sample} onChoose={setSample} />
        {check?.preview == null ? (
          <div className="min-h-0 flex-1" />
        ) : (
          <PaperRows preview={check.preview} />
        )}
        <Deciding
          view={view}
          text={text}
          isFaulty={check === null || check.faults.length > 0}
          onDrop={() => field.current?.focus()}
        />
      </section>
    </main>
  );
}

export function ReceiptEditor() {
  const { t } = useSpeech();
  const view = usePage((state) => state.template);
  useEffect(() => {
    void readTemplate();
  }, []);
  if (view === null) {
    return <main className="card place-content-center text-center">{t('template.loading')}</main>;
  }
  return <Editor view={view} />;
}
