import { RadioCards } from '../../../ui/choice.tsx';
import { Wide } from '../../../ui/section.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { claimsProblem, tokenProblem } from '../form/checks.ts';
import type { ProfileEditor } from '../stores.ts';
import { bindText } from './bind-text.ts';
import { KeyFields } from './key-fields.tsx';
import styles from './lifetime-field.module.css';
import { SecretSlotField } from './secret-slot-field.tsx';

const kinds = [
  {
    value: 'signed',
    label: 'Sign it here',
    text: 'A fresh JWT for each token, signed with your private key.',
  },
  {
    value: 'given',
    label: 'I have one',
    text: 'A JWT that was made elsewhere, sent as it is until it expires.',
  },
] as const;

function SignedFields({ id, editor }: { id: string; editor: ProfileEditor }) {
  return (
    <>
      <KeyFields id={id} editor={editor} field="assertionKey" label="Private key" />
      <TextField
        label="Issuer of the JWT"
        {...bindText(editor, 'assertionIssuer')}
        placeholder="the client ID"
        hint="iss: who signs, such as the service account."
      />
      <TextField
        label="Subject of the JWT"
        {...bindText(editor, 'assertionSubject')}
        placeholder="the issuer"
        hint="sub: whose token it becomes; {{user}} is the persona’s."
      />
      <TextField
        label="Audience of the JWT"
        {...bindText(editor, 'assertionAudience')}
        placeholder="the Token URL"
        hint="aud: the server that reads it."
      />
      <TextField
        label="Lifetime of the JWT"
        {...bindText(editor, 'assertionLifetime')}
        trailing={<span className={styles.unit}>seconds</span>}
        hint="exp: servers take minutes, seldom more than an hour."
      />
      <TextField
        wide
        label="Further claims"
        {...bindText(editor, 'assertionClaims', claimsProblem)}
        lines={3}
        placeholder='{"scope": "orders.read"}'
        hint="A JSON object; some servers want the scope in here."
      />
    </>
  );
}

/** The JWT of the JWT bearer grant: what it is made of, or itself. */
export function AssertionFields({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { assertionKind } = editor.form;
  return (
    <>
      <Wide>
        <RadioCards
          label="The JWT"
          value={assertionKind}
          onChange={(next) => editor.switch({ assertionKind: next })}
          options={kinds}
        />
      </Wide>
      {assertionKind === 'signed' ? (
        <SignedFields id={id} editor={editor} />
      ) : (
        <Wide>
          <SecretSlotField
            id={id}
            editor={editor}
            slot="assertion"
            label="JWT"
            lines={3}
            check={(text) => tokenProblem(text, true)}
            hint="Sent as it is."
          />
        </Wide>
      )}
    </>
  );
}
