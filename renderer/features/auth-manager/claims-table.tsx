import { useNow } from '../../api/use-now.ts';
import { withKeys } from '../../ui/with-keys.ts';
import { claimWords } from './claim-words.ts';
import styles from './token-tab.module.css';

/** Names and values as a server or a token tells them, moments also in words. */
export function ClaimsTable({ label, claims }: { label: string; claims: { name: string; value: string }[] }) {
  const now = useNow();
  return (
    <table className={styles.claims} aria-label={label}>
      <tbody>
        {withKeys(claims, ({ name }) => name).map(({ key, item: { name, value } }) => {
          const words = claimWords(name, value, now);
          return (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>
                {value}
                {words !== null && <span className={styles.words}>{words}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
