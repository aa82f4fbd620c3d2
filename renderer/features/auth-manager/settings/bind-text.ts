import type { KeyField } from '../form/key-form.ts';
import type { TextKey } from '../profile-form.ts';
import type { ProfileEditor } from '../stores.ts';

/**
 * What a text field of the form needs, by the form's key. `check`: what is wrong with the text as it stands, which stops
 * nothing.
 */
export function bindText(
  editor: ProfileEditor,
  key: TextKey,
  check: (text: string) => string | undefined = () => undefined,
) {
  return {
    mono: true,
    value: editor.form[key],
    onChange: (value: string) => editor.edit({ [key]: value }),
    onCommit: editor.commit,
    error: editor.issue(key),
    problem: check(editor.form[key]),
  };
}

/** The same for the key id of a private key. */
export function bindKeyId(editor: ProfileEditor, field: KeyField) {
  const key = editor.form[field];
  return {
    mono: true,
    value: key.keyId,
    onChange: (keyId: string) => editor.edit({ [field]: { ...key, keyId } }),
    onCommit: editor.commit,
    error: editor.issue(`${field}.keyId`),
  };
}
