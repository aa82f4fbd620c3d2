import type { GrantKind } from '../../../shared/model/grant.ts';
import { SegmentedControl } from '../../ui/choice.tsx';
import { Section, Wide } from '../../ui/section.tsx';
import type { SelectOption } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { bindText } from './bind-text.ts';
import { valueHint, withLoginRows } from './login-values.ts';
import { PersonasEditor } from './personas-editor.tsx';
import type { ProfileEditor } from './stores.ts';

const grants: readonly SelectOption<GrantKind>[] = [
  { value: 'authorization_code', label: 'Authorization code' },
  { value: 'client_credentials', label: 'Client credentials' },
  { value: 'password', label: 'Password' },
];

/** How the token is obtained. */
export function GrantSection({ editor }: { editor: ProfileEditor }) {
  const { form } = editor;
  return (
    <Section title="Grant" text="How the token is obtained">
      <Wide>
        <SegmentedControl
          label="Grant"
          value={form.grantKind}
          options={grants}
          onChange={(grantKind) =>
            editor.set(
              grantKind === 'password' ? { grantKind, personas: withLoginRows(form) } : { grantKind },
            )
          }
        />
      </Wide>
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
