import { SegmentedControl } from '../../ui/choice.tsx';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './requests.module.css';
import type { RequestEditor } from './stores.ts';

const kinds = [
  { value: 'none', label: 'None' },
  { value: 'json', label: 'JSON' },
  { value: 'text', label: 'Text' },
] as const;

/** What the request carries. */
export function BodyTab({ editor }: { editor: RequestEditor }) {
  const { form } = editor;
  return (
    <section className={styles.pane} aria-label="Body">
      <SegmentedControl
        label="Body kind"
        value={form.bodyKind}
        options={kinds}
        onChange={(bodyKind) => editor.set({ bodyKind })}
      />
      {form.bodyKind === 'text' && (
        <TextField
          label="Content type"
          mono
          value={form.contentType}
          onChange={(contentType) => editor.edit({ contentType })}
          onCommit={editor.commit}
        />
      )}
      {form.bodyKind === 'none' ? (
        <p className={styles.text}>This request has no body.</p>
      ) : (
        <CodeEditor
          // A new editor for a new language.
          key={form.bodyKind}
          label="Request body"
          className={styles.grow}
          language={form.bodyKind === 'json' ? 'javascript' : 'text'}
          value={form.bodyText}
          onChange={(bodyText) => editor.edit({ bodyText })}
          onBlur={editor.commit}
        />
      )}
    </section>
  );
}
