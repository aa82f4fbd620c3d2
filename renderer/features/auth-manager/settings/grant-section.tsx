import type { GrantKind } from '../../../../shared/model/grant.ts';
import { SegmentedControl } from '../../../ui/choice.tsx';
import { Section, Wide } from '../../../ui/section.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { commonGrants, grantWords, otherGrants } from '../form/grant-words.ts';
import { grantTypeNames, isNotListed, marked } from '../form/server-support.ts';
import { valueHint, withLoginRows } from '../login-values.ts';
import { PersonasEditor } from '../personas-editor.tsx';
import { type ProfileEditor, useServerSupport } from '../stores.ts';
import { bindText } from './bind-text.ts';
import { GrantFields } from './grant-fields.tsx';
import styles from './settings.module.css';

function GrantChoice({ editor }: { editor: ProfileEditor }) {
  const { form } = editor;
  const listed = useServerSupport(form)?.grantTypes;
  const further = otherGrants.find(({ value }) => value === form.grantKind);

  function choose(grantKind: GrantKind): void {
    const personas = grantKind === 'password' ? { personas: withLoginRows(form) } : {};
    editor.switch({ grantKind, ...personas });
  }

  return (
    <Wide>
      <div className={styles.grants}>
        <SegmentedControl
          label="Grant"
          value={form.grantKind}
          options={marked(commonGrants, listed, grantTypeNames)}
          onChange={choose}
        />
        <SelectField
          label="More grants"
          labelHidden
          className={further === undefined ? styles.more : styles.moreChosen}
          value={further?.value ?? null}
          placeholder="More…"
          options={marked(otherGrants, listed, grantTypeNames)}
          onChange={choose}
        />
      </div>
      <p className={styles.line}>{grantWords[form.grantKind].text}</p>
      {isNotListed(listed, ...grantTypeNames(form.grantKind)) && (
        <p className={styles.warning}>The server does not list this grant. It may work all the same.</p>
      )}
    </Wide>
  );
}

/** How the token is obtained, and what that grant alone needs. */
export function GrantSection({ id, editor }: { id: string; editor: ProfileEditor }) {
  return (
    <Section title="Grant" text="How the token is obtained">
      <GrantChoice editor={editor} />
      <GrantFields id={id} editor={editor} />
    </Section>
  );
}

/** Who signs in, where no screen asks: the personas, and which of their values are sent. */
export function LoginSection({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { form } = editor;
  return (
    <Section title="Personas" text="Who signs in">
      <Wide>
        <PersonasEditor profile={id} />
      </Wide>
      <TextField
        label="Value for the user name"
        {...bindText(editor, 'userValue')}
        hint={valueHint(form, form.userValue, 'Which of the values above is sent.')}
      />
      <TextField
        label="Value for the password"
        {...bindText(editor, 'passwordValue')}
        hint={valueHint(form, form.passwordValue, 'Best kept as a secret.')}
      />
    </Section>
  );
}
