import type { VaultStatus } from '../../shared/contract/calls.ts';
import { statusKey } from '../api/snapshot.ts';
import { useProject, useSnapshot } from '../api/use-engine.ts';
import { useNow } from '../api/use-now.ts';
import { activePersona, needsPerson } from '../features/auth-manager/index.ts';
import styles from './app.module.css';

const protections = {
  keychain: 'system keychain',
  environment_key: 'key from GRANTWRIGHT_VAULT_KEY',
  key_file: 'key file only you can read',
  memory: 'in memory only, nothing is stored',
} as const;

function vaultWords(vault: VaultStatus): { tone: 'good' | 'warn' | 'bad'; text: string } {
  switch (vault.kind) {
    case 'open':
      return {
        tone: vault.protection === 'memory' ? 'warn' : 'good',
        text: `Vault unlocked (${protections[vault.protection]})`,
      };
    case 'choice_needed':
      return { tone: 'warn', text: 'Vault not set up' };
    case 'failed':
      return { tone: 'bad', text: 'Vault not usable' };
  }
}

function NeedsYou() {
  const now = useNow();
  const profiles = useProject((project) => project.profiles);
  const statuses = useSnapshot(({ tokens }) => tokens.statuses);
  const chosen = useSnapshot(({ settings }) => settings.personas);
  const count = profiles.filter((entry) =>
    needsPerson(entry.profile, statuses[statusKey(entry.id, activePersona(entry, chosen))], now),
  ).length;
  if (profiles.length === 0) return <span />;
  if (count === 0) return <span>No profile needs you</span>;
  return (
    <span>
      {count} of {profiles.length} profiles {count === 1 ? 'needs' : 'need'} you
    </span>
  );
}

/** The status bar: what protects the vault, whether the playground runs, and how many profiles wait for the person. */
export function StatusBar() {
  const vault = vaultWords(useSnapshot((snapshot) => snapshot.vault));
  const playground = useSnapshot((snapshot) => snapshot.playground);
  return (
    <footer className={styles.foot}>
      <span>
        <i data-tone={vault.tone} />
        {vault.text}
      </span>
      {playground.kind === 'running' && <span>Playground running on {playground.url}</span>}
      <NeedsYou />
    </footer>
  );
}
