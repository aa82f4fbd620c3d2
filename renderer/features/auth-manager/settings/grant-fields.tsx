import type {
  CodeResponseType,
  ImplicitResponseType,
  Pkce,
  ResponseMode,
} from '../../../../shared/model/grant.ts';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { Fields, Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { tokenProblem } from '../form/checks.ts';
import { marked } from '../form/server-support.ts';
import { type ProfileEditor, useServerSupport } from '../stores.ts';
import { AssertionFields } from './assertion-fields.tsx';
import { bindText } from './bind-text.ts';
import { SecretSlotField } from './secret-slot-field.tsx';
import { TokenExchangeFields } from './token-exchange-fields.tsx';

const codeTypes: readonly SelectOption<CodeResponseType>[] = [
  { value: 'code', label: 'code', text: 'The token comes from the token endpoint. The usual choice.' },
  {
    value: 'code id_token',
    label: 'code id_token',
    text: 'Hybrid: an ID token comes in the redirect already.',
  },
  {
    value: 'code token',
    label: 'code token',
    text: 'Hybrid: an access token comes in the redirect already.',
  },
  { value: 'code id_token token', label: 'code id_token token', text: 'Hybrid: both come in the redirect.' },
];

const implicitTypes: readonly SelectOption<ImplicitResponseType>[] = [
  { value: 'token', label: 'token', text: 'An access token.' },
  { value: 'id_token', label: 'id_token', text: 'An ID token alone, which says who signed in.' },
  { value: 'id_token token', label: 'id_token token', text: 'Both.' },
];

const modes: readonly SelectOption<ResponseMode>[] = [
  { value: 'default', label: 'As the response type has it', text: 'No response_mode is sent.' },
  { value: 'query', label: 'query', text: 'Behind the ? of the redirect.' },
  { value: 'fragment', label: 'fragment', text: 'Behind the # of the redirect.' },
  { value: 'form_post', label: 'form_post', text: 'Posted by a form, so in no address.' },
];

const pkces: readonly SelectOption<Pkce>[] = [
  { value: 'S256', label: 'S256', text: 'Safe, and right for nearly every server.' },
  { value: 'plain', label: 'plain', text: 'For servers that cannot do S256.' },
  {
    value: 'none',
    label: 'Off',
    text: 'For servers that refuse the parameter. A stolen code can then be used.',
  },
];

function ResponseModeField({ editor }: { editor: ProfileEditor }) {
  const support = useServerSupport(editor.form);
  return (
    <SelectField
      label="Response mode"
      value={editor.form.responseMode}
      options={marked(modes, support?.responseModes, (mode) => (mode === 'default' ? [] : [mode]))}
      hint="How the redirect carries the answer."
      onChange={(responseMode) => editor.set({ responseMode })}
    />
  );
}

function CodeFields({ editor }: { editor: ProfileEditor }) {
  const { responseType, responseMode, pkce } = editor.form;
  const support = useServerSupport(editor.form);
  const usual = responseType === 'code' && responseMode === 'default' && pkce === 'S256';
  return (
    <Wide>
      <Disclosure title="PKCE, response type and mode" open={!usual}>
        <Fields>
          <SelectField
            label="PKCE"
            value={pkce}
            options={marked(pkces, support?.pkce, (method) => (method === 'none' ? [] : [method]))}
            hint="Binds the code to this app (RFC 7636)."
            onChange={(next) => editor.set({ pkce: next })}
          />
          <SelectField
            label="Response type"
            value={responseType}
            options={marked(codeTypes, support?.responseTypes)}
            hint="What the redirect brings."
            onChange={(next) => editor.set({ responseType: next })}
          />
          <ResponseModeField editor={editor} />
        </Fields>
      </Disclosure>
    </Wide>
  );
}

function ImplicitFields({ editor }: { editor: ProfileEditor }) {
  const support = useServerSupport(editor.form);
  return (
    <>
      <SelectField
        label="Response type"
        value={editor.form.implicitResponseType}
        options={marked(implicitTypes, support?.responseTypes)}
        hint="What the redirect brings."
        onChange={(implicitResponseType) => editor.set({ implicitResponseType })}
      />
      <ResponseModeField editor={editor} />
    </>
  );
}

const hints: readonly SelectOption<ProfileEditor['form']['hint']>[] = [
  { value: 'login_hint', label: 'login_hint', text: 'A user name, e-mail address or phone number.' },
  { value: 'id_token_hint', label: 'id_token_hint', text: 'An ID token from before.' },
  { value: 'login_hint_token', label: 'login_hint_token', text: 'A token that names the person.' },
];

function CibaFields({ editor }: { editor: ProfileEditor }) {
  const { hint } = editor.form;
  return (
    <>
      <SelectField
        label="Who is asked, by"
        value={hint}
        options={hints}
        hint={hints.find((option) => option.value === hint)?.text}
        onChange={(next) => editor.set({ hint: next })}
      />
      <TextField
        label="Hint"
        {...bindText(editor, 'hintValue', (text) =>
          text.trim() === ''
            ? 'The server needs to know whom to ask: a user name, or {{user}} for the persona’s.'
            : hint === 'login_hint'
              ? undefined
              : tokenProblem(text),
        )}
        hint="{{user}} is the user name of the persona."
      />
      <TextField
        label="Binding message"
        {...bindText(editor, 'bindingMessage')}
        hint="Shown on the person’s device, so that they know this request; empty: none."
      />
    </>
  );
}

/** What one grant alone needs. */
export function GrantFields({ id, editor }: { id: string; editor: ProfileEditor }) {
  switch (editor.form.grantKind) {
    case 'authorization_code':
      return <CodeFields editor={editor} />;
    case 'implicit':
      return <ImplicitFields editor={editor} />;
    case 'refresh_token':
      return (
        <Wide>
          <SecretSlotField
            id={id}
            editor={editor}
            slot="refreshToken"
            label="Refresh token"
            check={tokenProblem}
            hint="The first one. When the server gives a new one, that is kept and used from then on."
          />
        </Wide>
      );
    case 'jwt_bearer':
      return <AssertionFields id={id} editor={editor} />;
    case 'token_exchange':
      return <TokenExchangeFields id={id} editor={editor} />;
    case 'ciba':
      return <CibaFields editor={editor} />;
    default:
      return null;
  }
}
