import type { AssertionAudience, ClientAuthenticationKind } from '../../../../shared/model/client.ts';
import { Section, Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { redirectUriProblem, scopeProblem } from '../form/checks.ts';
import type { ClientForm } from '../form/client-form.ts';
import { clientAuthenticationNames, marked, scopeHint } from '../form/server-support.ts';
import type { Uses } from '../form/uses.ts';
import { type ProfileEditor, useServerSupport } from '../stores.ts';
import { bindText } from './bind-text.ts';
import { NetworkLink } from './connection-section.tsx';
import { KeyFields } from './key-fields.tsx';
import { SecretSlotField } from './secret-slot-field.tsx';
import styles from './settings.module.css';

const clientKinds: readonly SelectOption<ClientAuthenticationKind>[] = [
  { value: 'none', label: 'None (public client)', text: 'The client has no secret: only its id is sent.' },
  { value: 'client_secret_basic', label: 'Basic header', text: 'Id and secret in the Authorization header.' },
  { value: 'client_secret_post', label: 'In the body', text: 'Id and secret as fields of the form.' },
  {
    value: 'client_secret_jwt',
    label: 'JWT signed with the secret',
    text: 'client_secret_jwt: the secret signs and is never sent.',
  },
  {
    value: 'private_key_jwt',
    label: 'JWT signed with a key',
    text: 'private_key_jwt: your private key signs; the server has the public one.',
  },
  {
    value: 'tls_client_auth',
    label: 'Client certificate (mutual TLS)',
    text: 'The connection itself proves who you are.',
  },
];

const encodings: readonly SelectOption<ClientForm['basicEncoding']>[] = [
  { value: 'form', label: 'Encoded (RFC 6749)', text: 'What the standard says, and most servers want.' },
  { value: 'raw', label: 'Raw', text: 'For servers that refuse a secret with special characters.' },
];

const secretAlgorithms: readonly SelectOption<ClientForm['secretAlgorithm']>[] = [
  { value: 'HS256', label: 'HS256' },
  { value: 'HS384', label: 'HS384' },
  { value: 'HS512', label: 'HS512' },
];

const audiences: readonly SelectOption<AssertionAudience>[] = [
  { value: 'token_endpoint', label: 'The Token URL', text: 'What most servers want.' },
  { value: 'issuer', label: 'The issuer', text: 'What newer servers and security profiles want.' },
];

function AudienceField({ editor }: { editor: ProfileEditor }) {
  return (
    <SelectField
      label="Assertion audience"
      value={editor.form.clientAssertionAudience}
      options={audiences}
      hint="Who the signed JWT names as its reader (aud)."
      onChange={(clientAssertionAudience) => editor.set({ clientAssertionAudience })}
    />
  );
}

/** What the chosen client authentication needs. */
function Proof({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { form } = editor;
  const support = useServerSupport(form);
  const kind = form.clientKind;
  if (kind === 'none') return null;
  if (kind === 'tls_client_auth') {
    return (
      <Wide>
        <p className={styles.line}>The certificate is the project’s for the host of the server.</p>
        <NetworkLink>Client certificates of the project…</NetworkLink>
      </Wide>
    );
  }
  if (kind === 'private_key_jwt') {
    return (
      <>
        <KeyFields
          id={id}
          editor={editor}
          field="clientKey"
          label="Private key"
          listed={support?.assertionAlgorithms}
        />
        <AudienceField editor={editor} />
      </>
    );
  }
  return (
    <>
      <Wide>
        <SecretSlotField
          id={id}
          editor={editor}
          slot="clientSecret"
          label="Client secret"
          hint="The server gave it out together with the client ID."
        />
      </Wide>
      {kind === 'client_secret_basic' && (
        <SelectField
          label="Encoding"
          value={form.basicEncoding}
          options={encodings}
          hint="How id and secret are written into the header."
          onChange={(basicEncoding) => editor.set({ basicEncoding })}
        />
      )}
      {kind === 'client_secret_jwt' && (
        <>
          <SelectField
            label="Signing algorithm"
            value={form.secretAlgorithm}
            options={marked(secretAlgorithms, support?.assertionAlgorithms)}
            hint="What the server expects of this client."
            onChange={(secretAlgorithm) => editor.set({ secretAlgorithm })}
          />
          <AudienceField editor={editor} />
        </>
      )}
    </>
  );
}

/** The client, as it is registered at the server. */
export function ClientSection({ id, editor, uses }: { id: string; editor: ProfileEditor; uses: Uses }) {
  const { form } = editor;
  const support = useServerSupport(form);
  return (
    <Section title="Client" text="As registered at the server">
      <TextField
        label="Client ID"
        {...bindText(editor, 'clientId')}
        hint="The client’s name at the server."
      />
      {uses.clientAuthentication && (
        <>
          <SelectField
            label="Client authentication"
            value={form.clientKind}
            options={marked(clientKinds, support?.clientAuthentication, clientAuthenticationNames)}
            hint={clientKinds.find(({ value }) => value === form.clientKind)?.text}
            onChange={(clientKind) => editor.switch({ clientKind })}
          />
          <Proof id={id} editor={editor} />
        </>
      )}
      {uses.redirect && (
        <TextField
          label="Redirect URI"
          {...bindText(editor, 'redirectUri', redirectUriProblem)}
          hint="As registered; the app catches it."
        />
      )}
      <TextField
        label="Scope"
        {...bindText(editor, 'scope', scopeProblem)}
        placeholder="separated by spaces"
        hint={scopeHint(form.scope, support)}
      />
    </Section>
  );
}
