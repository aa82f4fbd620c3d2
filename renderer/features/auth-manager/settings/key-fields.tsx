import { keyFileText } from '../../../../shared/der.ts';
import { type SigningAlgorithm, signingAlgorithmSchema } from '../../../../shared/model/signing-key.ts';
import { Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { algorithmProblem, type KeyField } from '../form/key-form.ts';
import { algorithmsOf, type KeyFacts, keyProblem } from '../form/key-text.ts';
import { marked } from '../form/server-support.ts';
import { type ProfileEditor, useKeyFacts } from '../stores.ts';
import { bindKeyId } from './bind-text.ts';
import { SecretSlotField } from './secret-slot-field.tsx';

const file = { accept: '.pem,.key,.p12,.pfx,.jwk,.json,.der', read: keyFileText };

/** Algorithms as options, those that the server does not list marked. */
export function algorithmOptions(
  listed: readonly string[] | null | undefined,
): SelectOption<SigningAlgorithm>[] {
  return marked(
    signingAlgorithmSchema.options.map((value) => ({ value, label: value })),
    listed,
  );
}

/** What is known of a key, in a line. */
function factsWords(facts: KeyFacts | undefined): string {
  if (facts === undefined) return 'PEM, a JWK, or a .p12 file.';
  if (facts.maker === null) return `${facts.format}, encrypted: it needs its passphrase.`;
  return `${facts.format}, ${facts.maker}: signs with ${algorithmsOf(facts)?.join(', ')}.`;
}

interface KeyFieldsProps {
  id: string;
  editor: ProfileEditor;
  field: KeyField;
  label: string;
  /** Algorithms that the server lists for it. */
  listed?: readonly string[] | null | undefined;
}

/** A private key to sign with: the key itself, its passphrase, algorithm and key id. */
export function KeyFields({ id, editor, field, label, listed }: KeyFieldsProps) {
  const key = editor.form[field];
  const facts = useKeyFacts(key.key);
  const wrong = facts && algorithmProblem(key.algorithm, facts);
  return (
    <>
      <Wide>
        <SecretSlotField
          id={id}
          editor={editor}
          slot={`${field}.key`}
          label={label}
          hint={factsWords(facts)}
          check={keyProblem}
          lines={4}
          file={file}
        />
      </Wide>
      <SelectField
        label="Signing algorithm"
        value={key.algorithm}
        options={algorithmOptions(listed)}
        error={wrong}
        hint="What the server expects for this key."
        onChange={(algorithm) => editor.set({ [field]: { ...key, algorithm } })}
      />
      <TextField
        label="Key ID"
        {...bindKeyId(editor, field)}
        hint="kid in the JWT’s header; empty: the JWK’s own, else none."
      />
      <SecretSlotField
        id={id}
        editor={editor}
        slot={`${field}.passphrase`}
        label="Key passphrase"
        hint="Only for an encrypted key or a .p12 file."
      />
    </>
  );
}
