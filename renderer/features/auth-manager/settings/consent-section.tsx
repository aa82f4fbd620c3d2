import type { AfterConsent, ConsentBrowserChoice } from '../../../../shared/model/profile.ts';
import { RadioCards } from '../../../ui/choice.tsx';
import { Section, Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { AfterConsentForm } from '../form/consent-form.ts';
import type { Uses } from '../form/uses.ts';
import type { ProfileEditor } from '../stores.ts';
import { bindText } from './bind-text.ts';
import styles from './lifetime-field.module.css';

const browsers: readonly { value: ConsentBrowserChoice; label: string; text: string }[] = [
  {
    value: 'automatic',
    label: 'Automatic',
    text: 'A window of Grantwright where one can be shown, else your own browser.',
  },
  {
    value: 'system',
    label: 'Your own browser',
    text: 'For servers that refuse embedded windows. Scripts run unseen as ever.',
  },
];

const ends: readonly SelectOption<AfterConsent['kind']>[] = [
  { value: 'standard', label: "Grantwright's page" },
  { value: 'message', label: 'Your text…' },
  { value: 'address', label: 'Another address…' },
];

function AfterConsentField({ editor }: { editor: ProfileEditor }) {
  const { afterConsent } = editor.form;
  const change = (patch: Partial<AfterConsentForm>) => ({ afterConsent: { ...afterConsent, ...patch } });
  const typed = {
    labelHidden: true,
    onCommit: editor.commit,
    error: editor.issue('afterConsent'),
  };
  return (
    <div className={styles.field}>
      <SelectField
        label="After signing in, show"
        value={afterConsent.kind}
        options={ends}
        hint={afterConsent.kind === 'standard' ? 'In your own browser only.' : undefined}
        onChange={(kind) => editor.set(change({ kind }))}
      />
      {afterConsent.kind === 'message' && (
        <TextField
          {...typed}
          label="Text after signing in"
          value={afterConsent.text}
          onChange={(text) => editor.edit(change({ text }))}
          hint="Shown as plain text."
        />
      )}
      {afterConsent.kind === 'address' && (
        <TextField
          {...typed}
          label="Address after signing in"
          mono
          placeholder="https://"
          value={afterConsent.url}
          onChange={(url) => editor.edit(change({ url }))}
          hint="Nothing of the sign-in goes along."
        />
      )}
    </div>
  );
}

/** Where a person meets the login page, and what they see when it is done. */
export function ConsentSection({ editor, uses }: { editor: ProfileEditor; uses: Uses }) {
  return (
    <Section title="Sign-in" text="When you do it by hand">
      <Wide>
        <RadioCards
          label="Consent browser"
          value={editor.form.consentBrowser}
          onChange={(consentBrowser) => editor.set({ consentBrowser })}
          options={browsers}
        />
      </Wide>
      {uses.redirect && (
        <>
          <TextField
            label="Redirect ports"
            {...bindText(editor, 'redirectPorts')}
            placeholder="8400, 8401"
            hint="As registered, tried in this order; empty: any free one."
          />
          <AfterConsentField editor={editor} />
        </>
      )}
    </Section>
  );
}
