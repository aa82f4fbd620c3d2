import type { Introspection } from '../../../shared/model/token.ts';
import { useNow } from '../../api/use-now.ts';
import { Chip } from '../../ui/chip.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import { claimWords } from './claim-words.ts';
import styles from './token-tab.module.css';

const tokenWords = { access_token: 'access token', refresh_token: 'refresh token' } as const;

/** What the server said of a token: whether it is active, and its claims, moments also in words. */
export function IntrospectionTable({ introspection }: { introspection: Introspection }) {
  const now = useNow();
  const { token, active, claims } = introspection;
  return (
    <div className={styles.told}>
      <p role="status" aria-label={`Introspection of the ${tokenWords[token]}`}>
        <Chip tone={active ? 'good' : 'bad'}>{active ? 'Active' : 'Not active'}</Chip>{' '}
        {active ? 'at the server.' : 'at the server: it would be refused.'}
      </p>
      {claims.length > 0 && (
        <table className={styles.claims} aria-label={`Claims of the ${tokenWords[token]}`}>
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
      )}
    </div>
  );
}
