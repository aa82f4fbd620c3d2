import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import { useProjectStore } from './stores.ts';
import styles from './welcome.module.css';

function Choice({ reason }: { reason: string }) {
  const chooseVault = useProjectStore((state) => state.chooseVault);
  return (
    <section className={styles.banner} aria-label="Where tokens are kept">
      <p>
        <b>This computer has no keychain that Grantwright can use.</b> {reason} Until you choose, nothing is
        stored.
      </p>
      <div className={styles.buttons}>
        <Button onClick={() => void chooseVault('key_file')}>Keep the key in a file only I can read</Button>
        <Button onClick={() => void chooseVault('memory')}>Keep tokens in memory only</Button>
      </div>
    </section>
  );
}

/** Asks where tokens are kept when this computer has no keychain, and says what is wrong with the vault. */
export function VaultBanner() {
  const vault = useSnapshot((snapshot) => snapshot.vault);
  const problem = useSnapshot((snapshot) => snapshot.tokens.problem);
  const choiceFailure = useProjectStore((state) => state.choiceFailure);
  const errors = [
    ...(choiceFailure === null ? [] : [choiceFailure]),
    ...(vault.kind === 'failed' ? [vault.error] : []),
    ...(vault.kind === 'open' ? vault.problems : []),
    ...(vault.kind === 'open' && problem !== null ? [problem] : []),
  ];
  return (
    <div>
      {vault.kind === 'choice_needed' && <Choice reason={vault.reason} />}
      {withKeys(errors, (error) => error.message).map(({ key, item }) => (
        <div key={key} className={styles.problem}>
          <ErrorPanel error={item} />
        </div>
      ))}
    </div>
  );
}
