import type { Project } from '../../../shared/model/project.ts';
import { useProject } from '../../api/use-engine.ts';
import { classes } from '../../ui/classes.ts';
import styles from './token.module.css';

type Entry = Project['requests'][number];

/** What must be known of how a request comes to a profile, in brackets. */
function howWords({ request, effectiveAuth }: Entry): string {
  const words = [
    ...(request.auth.kind === 'inherit' ? ['inherited'] : []),
    ...(effectiveAuth.kind === 'profile' && effectiveAuth.persona !== null
      ? [`as ${effectiveAuth.persona}`]
      : []),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** The requests that a profile's tokens are sent with. */
export function UsedBy({ profile }: { profile: string }) {
  const requests = useProject((project) => project.requests);
  const users = requests.filter(
    ({ effectiveAuth: auth }) => auth.kind === 'profile' && auth.profile === profile,
  );
  if (users.length === 0) return <p className={styles.none}>No request uses this profile yet.</p>;
  return (
    <ul className={classes(styles.panel, styles.users)}>
      {users.map((entry) => (
        <li key={entry.id}>
          {entry.request.method} <b>{entry.request.name}</b>
          <span className={styles.dim}>{howWords(entry)}</span>
        </li>
      ))}
    </ul>
  );
}
