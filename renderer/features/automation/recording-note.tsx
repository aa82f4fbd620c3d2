import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { usePersonaStore } from '../auth-manager/index.ts';
import { type RecordState, recordingOf } from './record-store.ts';
import styles from './recording.module.css';
import { useRecordings } from './stores.ts';

function stepsInWords(steps: number): string {
  if (steps === 0) return 'Nothing recorded yet.';
  return `${steps} ${steps === 1 ? 'step' : 'steps'} so far.`;
}

function UnderWay({ profile }: { profile: string }) {
  const steps = useSnapshot(({ recordings }) => recordings[profile] ?? 0);
  return (
    <div className={styles.note} role="status" aria-label="Recording">
      <div className={styles.words}>
        <b>Recording</b>
        <p>Sign in in the window that opens. It closes when the login is through. {stepsInWords(steps)}</p>
      </div>
    </div>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ', '}
      <code>{name}</code>
    </span>
  ));
}

function Done({ profile, state }: { profile: string; state: Extract<RecordState, { kind: 'done' }> }) {
  const { putBack, dismiss, allowHosts } = useRecordings((store) => store);
  const addValues = usePersonaStore((store) => store.addValues);
  const { persona, missing, hosts, before } = state;
  const lacking = missing.filter(({ differs }) => !differs);
  const differing = missing.filter(({ differs }) => differs);

  async function add(): Promise<void> {
    await addValues(profile, persona, lacking);
    if (hosts.length === 0) dismiss(profile);
  }

  return (
    <div
      className={styles.note}
      role="status"
      aria-label="Recorded script"
      data-needs={missing.length > 0 || hosts.length > 0 || undefined}
    >
      <div className={styles.words}>
        <b>The recorded script is in the editor, not saved yet.</b>
        {lacking.length > 0 && (
          <p>
            “{persona}” still needs <Names names={lacking.map(({ name }) => name)} /> for it. Nothing that was
            typed is kept.
          </p>
        )}
        {differing.length > 0 && (
          <p>
            “{persona}” has something else than was typed for{' '}
            <Names names={differing.map(({ name }) => name)} />.
          </p>
        )}
        {hosts.length > 0 && (
          <p>
            It sends values to <Names names={hosts} />, inside the login page; scripts of this profile may not
            yet.
          </p>
        )}
      </div>
      <div className={styles.buttons}>
        {before.trim() !== '' && <Button onClick={() => putBack(profile)}>Put the former script back</Button>}
        {hosts.length > 0 && (
          <Button onClick={() => void allowHosts(profile)}>
            Allow {hosts.length === 1 ? 'this host' : 'these hosts'}
          </Button>
        )}
        {lacking.length > 0 && (
          <Button kind="primary" onClick={() => void add()}>
            Add to “{persona}”
          </Button>
        )}
        <Button kind="ghost" onClick={() => dismiss(profile)}>
          Close
        </Button>
      </div>
    </div>
  );
}

/** How a recording goes on, and what came of it: which values the persona still needs, and how to go back. */
export function RecordingNote({ profile }: { profile: string }) {
  const state = useRecordings((store) => recordingOf(store, profile));
  const dismiss = useRecordings((store) => store.dismiss);
  if (state === undefined) return null;
  if (state.kind === 'recording') return <UnderWay profile={profile} />;
  if (state.kind === 'done') return <Done profile={profile} state={state} />;
  return (
    <ErrorPanel error={state.error}>
      <Button onClick={() => dismiss(profile)}>Close</Button>
    </ErrorPanel>
  );
}
