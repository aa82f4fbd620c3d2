import { type DiffLine, diffRows } from './diff-rows.ts';
import styles from './text-diff.module.css';
import { withKeys } from './with-keys.ts';

function Side({
  line,
  changed,
  kind,
}: {
  line: DiffLine | undefined;
  changed: boolean;
  kind: 'left' | 'right';
}) {
  const mark = changed && line !== undefined ? kind : undefined;
  return (
    <>
      <td className={styles.number}>{line?.number}</td>
      <td className={styles.line} data-changed={mark} data-absent={line === undefined ? true : undefined}>
        {mark !== undefined && <span className="visually-hidden">Changed: </span>}
        {line?.text}
      </td>
    </>
  );
}

/** Two texts side by side, only where they differ; what they hold is shown as plain text. */
export function TextDiff(props: {
  label: string;
  left: string;
  right: string;
  leftName: string;
  rightName: string;
}) {
  const rows = withKeys(diffRows(props.left, props.right), (row) => JSON.stringify(row));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className={styles.scroll} aria-label={props.label} tabIndex={0}>
      <table className={styles.table}>
        <colgroup>
          <col className={styles.number} />
          <col />
          <col className={styles.number} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th colSpan={2}>{props.leftName}</th>
            <th colSpan={2}>{props.rightName}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, item }) =>
            item.kind === 'gap' ? (
              <tr key={key}>
                <td colSpan={4} className={styles.gap}>
                  {item.lines} equal lines
                </td>
              </tr>
            ) : (
              <tr key={key}>
                <Side line={item.left} changed={item.kind === 'changed'} kind="left" />
                <Side line={item.right} changed={item.kind === 'changed'} kind="right" />
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}
