import { useMemo, useState } from 'react';
import type { ApiResponse } from '../../../shared/model/request.ts';
import { SegmentedControl } from '../../ui/choice.tsx';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import { formatSize, readable } from './request-form.ts';
import styles from './requests.module.css';

type View = 'pretty' | 'raw';

const views: readonly { value: View; label: string }[] = [
  { value: 'pretty', label: 'Pretty' },
  { value: 'raw', label: 'Raw' },
];

function TextBody({ text, truncated }: { text: string; truncated: boolean }) {
  const [view, setView] = useState<View>('pretty');
  const pretty = useMemo(() => readable(text), [text]);
  const shown = view === 'pretty' ? pretty : { text, json: false };
  return (
    <>
      <SegmentedControl label="Body view" value={view} onChange={setView} options={views} />
      {truncated && <p className={styles.text}>Only the beginning is shown; the rest was not read.</p>}
      <CodeEditor
        // A new editor for a new language.
        key={view}
        label="Response body"
        className={styles.grow}
        language={shown.json ? 'javascript' : 'text'}
        value={shown.text}
      />
    </>
  );
}

/** A response's body: text to read, or what stands in its place. */
export function ResponseBody({ response }: { response: ApiResponse }) {
  const { body } = response;
  if (body.kind === 'empty') return <p className={styles.text}>The response has no body.</p>;
  if (body.kind === 'text') return <TextBody text={body.text} truncated={body.truncated} />;
  return <p className={styles.text}>{formatSize(response.sizeBytes)} of binary data, not shown.</p>;
}

/** Headers as a table, in the order given. */
export function HeaderTable({
  headers,
  label,
}: {
  headers: readonly { name: string; value: string }[];
  label: string;
}) {
  return (
    <table className={styles.table} aria-label={label}>
      <tbody>
        {withKeys(headers, ({ name }) => name).map(({ key, item: { name, value } }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
