import type { ClientAuthenticationKind, GrantKind } from '../../../shared/model/profile.ts';
import { Button } from '../../ui/button.tsx';
import { SegmentedControl } from '../../ui/choice.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { Form, Section, Wide } from '../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { clientSecretVariable, urlHint } from './profile-form.ts';
import { RefreshModeField } from './refresh-mode-field.tsx';
import { useSecretStored } from './secrets.ts';
import { type ProfileEditor, useManager, useProfileEditor } from './stores.ts';

const grants: readonly SelectOption<GrantKind>[] = [
  { value: 'authorization_code', label: 'Authorization code' },
  { value: 'client_credentials', label: 'Client credentials' },
];

const clientKinds: readonly SelectOption<ClientAuthenticationKind>[] = [
  { value: 'none', label: 'None (public client)' },
  { value: 'client_secret_basic', label: 'Basic header' },
  { value: 'client_secret_post', label: 'In the body' },
];

type TextKey = 'issuer' | 'authorizationUrl' | 'tokenUrl' | 'clientId' | 'redirectUri' | 'scope';

/** What a text field of the form needs, by the form's key. */
function bind(editor: ProfileEditor, key: TextKey) {
  return {
    mono: true,
    value: editor.form[key],
    onChange: (value: string) => editor.edit({ [key]: value }),
    onCommit: editor.commit,
    error: editor.issue(key),
  };
}

function ServerSection({ id, editor }: { id: string; editor: ProfileEditor }) {
  const discover = useManager((state) => state.discover);
  const discovering = useManager((state) => state.discovering[id] === true);
  const failure = useManager((state) => state.failures[`${id}:discover`]);
  const { form } = editor;

  async function fill(): Promise<void> {
    const found = await discover(id, form.issuer.trim());
    // The issuer stays as the person wrote it: it may hold a variable.
    if (found !== null) {
      editor.set({ authorizationUrl: found.authorizationUrl, tokenUrl: found.tokenUrl });
    }
  }

  return (
    <Section title="Server" text="Paste an issuer to fill the rest">
      <Wide>
        <TextField
          label="Issuer"
          {...bind(editor, 'issuer')}
          hint={urlHint(form.issuer)}
          placeholder="https://id.example.com"
          trailing={
            <Button disabled={form.issuer.trim() === '' || discovering} onClick={() => void fill()}>
              Discover
            </Button>
          }
        />
        {failure && <ErrorPanel error={failure} />}
      </Wide>
      {form.grantKind === 'authorization_code' && (
        <TextField
          label="Authorization URL"
          {...bind(editor, 'authorizationUrl')}
          hint={urlHint(form.authorizationUrl)}
          placeholder={form.issuer === '' ? '' : 'from the issuer'}
        />
      )}
      <TextField
        label="Token URL"
        {...bind(editor, 'tokenUrl')}
        hint={urlHint(form.tokenUrl)}
        placeholder={form.issuer === '' ? '' : 'from the issuer'}
      />
    </Section>
  );
}

function ClientSecret({ id, editor }: { id: string; editor: ProfileEditor }) {
  const storeSecret = useManager((state) => state.storeSecret);
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
      onStore={async (value) => {
        const variable = name ?? clientSecretVariable(id);
        const done = await storeSecret(id, 'clientSecret', variable, value);
        if (done) editor.set({ clientSecret: `{{${variable}}}` });
        return done;
      }}
    />
  );
}

function ClientSection({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { form } = editor;
  return (
    <Section title="Client" text="As registered at the server">
      <TextField label="Client ID" {...bind(editor, 'clientId')} />
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
        <TextField label="Redirect URI" {...bind(editor, 'redirectUri')} hint={urlHint(form.redirectUri)} />
      )}
      <TextField label="Scope" {...bind(editor, 'scope')} placeholder="separated by spaces" />
    </Section>
  );
}

/** A profile's settings in four short sections, each field saved when the person leaves it. */
export function ProfileSettings({ id }: { id: string }) {
  const editor = useProfileEditor(id);
  if (editor === undefined) return null;
  return (
    <Form label="Profile settings">
      <Section title="Grant" text="How the token is obtained">
        <SegmentedControl
          label="Grant"
          value={editor.form.grantKind}
          options={grants}
          onChange={(grantKind) => editor.set({ grantKind })}
        />
      </Section>
      <ServerSection id={id} editor={editor} />
      <ClientSection id={id} editor={editor} />
      <Section title="Advanced">
        <Wide>
          <RefreshModeField profile={id} />
        </Wide>
      </Section>
    </Form>
  );
}
