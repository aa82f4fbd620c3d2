import type { PlaygroundStatus } from '../../../shared/model/playground.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, StatusDot } from '../../ui/chip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import place from '../../ui/place.module.css';
import { Form, Section } from '../../ui/section.tsx';
import styles from './playground.module.css';
import { Settings } from './settings.tsx';
import { usePlayground } from './stores.ts';

type Running = Extract<PlaygroundStatus, { kind: 'running' }>;

function Counters({ counters }: { counters: Running['counters'] }) {
  const shown: [string, number][] = [
    ['Authorization codes', counters.authorization_code],
    ['Passwords', counters.password],
    ['Client credentials', counters.client_credentials],
    ['Refreshes', counters.refresh_token],
    ['Token refusals', counters.refused],
    ['Reused tokens', counters.reused],
    ['Revocations', counters.revocation],
    ['Introspections', counters.introspection],
    ['API calls', counters.api],
    ['of them refused', counters.apiUnauthorized],
  ];
  return (
    <Section title="Calls" text="Counted since it started">
      <dl className={styles.counters}>
        {shown.map(([label, count]) => (
          <div key={label} className={styles.counter}>
            <dt>{label}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Users({ users }: { users: Running['users'] }) {
  return (
    <Section title="Users" text="They sign in at its login page">
      <table className={styles.table} aria-label="Users">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Username</th>
            <th scope="col">Password</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.username}>
              <td>{user.name}</td>
              <td>
                <code>{user.username}</code>
              </td>
              <td>
                <code>{user.password}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function RunningView({ status }: { status: Running }) {
  return (
    <Form label="Playground settings">
      <Counters counters={status.counters} />
      <Settings settings={status.settings} />
      <Users users={status.users} />
    </Form>
  );
}

/** The Playground place: the local authorization server and API, how they behave, and who can sign in. */
export function Playground() {
  const status = useSnapshot((snapshot) => snapshot.playground);
  const { busy, failure, start, revokeAll } = usePlayground((state) => state);
  const running = status.kind === 'running';
  return (
    <main className={styles.place}>
      <header className={place.head}>
        <div className={place.who}>
          <h1 className={place.title}>Playground</h1>
          <Chip tone={running ? 'good' : 'none'}>
            <StatusDot tone={running ? 'good' : 'none'} />
            <span role="status" aria-label="Playground state">
              {running ? `Running at ${status.url}` : 'Stopped'}
            </span>
          </Chip>
        </div>
        <div className={place.actions}>
          {running && (
            <Button disabled={busy} onClick={() => void revokeAll()}>
              Revoke all
            </Button>
          )}
        </div>
      </header>
      {failure !== null && (
        <div className={styles.problem}>
          <ErrorPanel error={failure} />
        </div>
      )}
      {running ? (
        <RunningView status={status} />
      ) : (
        <EmptyState
          title="The playground is not running"
          text="A local authorization server and API, for trying everything offline. It also starts by itself when a profile needs it."
        >
          <Button kind="primary" disabled={busy} onClick={() => void start()}>
            Start the playground
          </Button>
        </EmptyState>
      )}
    </main>
  );
}
