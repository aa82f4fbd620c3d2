import type { Header } from '../../../shared/model/request.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import styles from './requests.module.css';
import type { RequestEditor } from './stores.ts';

/** The headers that the person sets; the token's own is added when the request is sent. */
export function HeadersTab({ editor }: { editor: RequestEditor }) {
  const { headers } = editor.form;
  const change = (index: number, patch: Partial<Header>) =>
    editor.edit({ headers: headers.map((header, at) => (at === index ? { ...header, ...patch } : header)) });
  const issue = editor.issue('headers');
  return (
    <section className={styles.pane} aria-label="Headers">
      {headers.length === 0 && (
        <p className={styles.text}>No header of your own. The token’s header is added when it is sent.</p>
      )}
      {withKeys(headers, () => 'row').map(({ key, item: header, index }) => (
        // Rows have no identity but their place: a header may stand there twice.
        <div className={styles.header} key={key}>
          <TextField
            label={`Header name ${index + 1}`}
            labelHidden
            mono
            placeholder="Name"
            value={header.name}
            onChange={(name) => change(index, { name })}
            onCommit={editor.commit}
          />
          <TextField
            label={`Header value ${index + 1}`}
            labelHidden
            mono
            placeholder="Value"
            value={header.value}
            onChange={(value) => change(index, { value })}
            onCommit={editor.commit}
          />
          <IconButton
            icon="close"
            label={`Remove header ${index + 1}`}
            onClick={() => editor.set({ headers: headers.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      {issue !== undefined && <p className={styles.error}>{issue}</p>}
      <Button
        small
        className={styles.add}
        onClick={() => editor.edit({ headers: [...headers, { name: '', value: '' }] })}
      >
        <Icon name="plus" size={13} />
        Add header
      </Button>
    </section>
  );
}
