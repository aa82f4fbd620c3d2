import { Disclosure } from '../../../ui/disclosure.tsx';
import { Fields, Wide } from '../../../ui/section.tsx';
import { SuggestField, type Suggestion } from '../../../ui/suggest-field.tsx';
import { tokenProblem } from '../form/checks.ts';
import type { ProfileEditor } from '../stores.ts';
import { SecretSlotField } from './secret-slot-field.tsx';

const prefix = 'urn:ietf:params:oauth:token-type:';

/** Token type identifiers (RFC 8693 section 3). */
const types: readonly Suggestion[] = [
  { value: `${prefix}access_token`, text: 'An access token.' },
  { value: `${prefix}id_token`, text: 'An ID token.' },
  { value: `${prefix}refresh_token`, text: 'A refresh token.' },
  { value: `${prefix}jwt`, text: 'Any JWT.' },
  { value: `${prefix}saml2`, text: 'A SAML 2.0 assertion in base64url.' },
  { value: `${prefix}saml1`, text: 'A SAML 1.1 assertion in base64url.' },
];

interface TypeFieldProps {
  editor: ProfileEditor;
  field: 'subjectTokenType' | 'actorTokenType' | 'requestedTokenType';
  label: string;
  hint: string;
}

function TypeField({ editor, field, label, hint }: TypeFieldProps) {
  return (
    <SuggestField
      label={label}
      value={editor.form[field]}
      suggestions={types}
      onChange={(type) => editor.edit({ [field]: type })}
      onTake={(type) => editor.set({ [field]: type })}
      onCommit={editor.commit}
      error={editor.issue(field)}
      hint={hint}
    />
  );
}

/** The tokens of a token exchange. */
export function TokenExchangeFields({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { actorToken, requestedTokenType } = editor.form;
  return (
    <>
      <Wide>
        <SecretSlotField
          id={id}
          editor={editor}
          slot="subjectToken"
          label="Subject token"
          check={tokenProblem}
          hint="The token that you have, of the person it is about."
        />
      </Wide>
      <Wide>
        <TypeField
          editor={editor}
          field="subjectTokenType"
          label="Subject token type"
          hint="What kind of token that is."
        />
        <Disclosure title="Actor and wanted type" open={actorToken !== '' || requestedTokenType !== ''}>
          <Fields>
            <SecretSlotField
              id={id}
              editor={editor}
              slot="actorToken"
              label="Actor token"
              check={tokenProblem}
              hint="Of who acts for that person; empty: nobody else."
            />
            <TypeField
              editor={editor}
              field="actorTokenType"
              label="Actor token type"
              hint="What kind of token that is."
            />
            <TypeField
              editor={editor}
              field="requestedTokenType"
              label="Requested token type"
              hint="What you want in return; empty: the server decides."
            />
          </Fields>
        </Disclosure>
      </Wide>
    </>
  );
}
