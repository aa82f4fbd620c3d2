import type { ClientAuthenticationKind } from '../../../shared/model/client.ts';
import { SecretField } from '../../ui/secret-field.tsx';
import { Section, Wide } from '../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { bindText } from './bind-text.ts';
import { urlHint } from './profile-form.ts';
import { useSecretStored } from './secrets.ts';
import { type ProfileEditor, useManager, useSecretStore } from './stores.ts';

const clientKinds: readonly SelectOption<ClientAuthenticationKind>[] = [
  { value: 'none', label: 'None (public client)' },
  { value: 'client_secret_basic', label: 'Basic header' },
  { value: 'client_secret_post', label: 'In the body' },
];

function ClientSecret({ id, editor }: { id: string; editor: ProfileEditor }) {
  const storeSecret = useManager((state) => state.storeSecret);
  const storeClientSecret = useSecretStore((state) => state.storeClientSecret);
  const failure = useManager((state) => state.failures[`${id}:clientSecret`]);
  const reference = editor.form.clientSecret;
  const { name, stored } = useSecretStored(reference);
  return (
    <SecretField
      label="Client secret"
      reference={reference}
      stored={stored}
      error={editor.issue('clientSecret') ?? failure?.message}
      onReference={(clientSecret) => editor.set({ clientSecret })}
      onForget={() => void storeSecret(id, 'clientSecret', name ?? '', '')}
      onStore={(value) => storeClientSecret(id, value)}
    />
  );
}

/** The client, as it is registered at the server. */
export function ClientSection({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { form } = editor;
  return (
    <Section title="Client" text="As registered at the server">
      <TextField label="Client ID" {...bindText(editor, 'clientId')} />
      <SelectField
        label="Client authentication"
        value={form.clientKind}
        options={clientKinds}
        onChange={(clientKind) => editor.set({ clientKind })}
      />
      {form.clientKind !== 'none' && (
        <Wide>
          <ClientSecret id={id} editor={editor} />
        </Wide>
      )}
      {form.grantKind === 'authorization_code' && (
        <TextField
          label="Redirect URI"
          {...bindText(editor, 'redirectUri')}
          hint={urlHint(form.redirectUri)}
        />
      )}
      <TextField label="Scope" {...bindText(editor, 'scope')} placeholder="separated by spaces" />
    </Section>
  );
}
