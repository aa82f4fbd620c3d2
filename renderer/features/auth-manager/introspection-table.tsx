import type { Introspection } from '../../../shared/model/token.ts';
import { Chip } from '../../ui/chip.tsx';
import { ClaimsTable } from './claims-table.tsx';
import { tokenName } from './inspection-words.ts';
import styles from './token-tab.module.css';

/** What the server said of a token: whether it is active, and its claims. */
export function IntrospectionTable({ introspection }: { introspection: Introspection }) {
  const { token, active, claims } = introspection;
  return (
    <div className={styles.told}>
      <p role="status" aria-label={`Introspection of the ${tokenName(token)}`}>
        <Chip tone={active ? 'good' : 'bad'}>{active ? 'Active' : 'Not active'}</Chip>{' '}
        {active ? 'at the server.' : 'at the server: it would be refused.'}
      </p>
      {claims.length > 0 && <ClaimsTable label={`Claims of the ${tokenName(token)}`} claims={claims} />}
    </div>
  );
}
