import type { TextKey } from './profile-form.ts';
import type { ProfileEditor } from './stores.ts';

/** What a text field of the form needs, by the form's key. */
export function bindText(editor: ProfileEditor, key: TextKey) {
  return {
    mono: true,
    value: editor.form[key],
    onChange: (value: string) => editor.edit({ [key]: value }),
    onCommit: editor.commit,
    error: editor.issue(key),
  };
}
