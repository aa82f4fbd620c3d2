import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Notice } from '../../ui/notice.tsx';
import { usePersonaStore, useProfile, useProfileEditor } from '../auth-manager/index.ts';
import { openNeeds } from './open-needs.ts';
import { outcomeOf, type RecordOutcome, stepsSoFar } from './record-store.ts';
import { scriptOf, sourceOf } from './script-store.ts';
import { useRecordings, useScripts } from './stores.ts';

function stepsInWords(steps: number): string {
  if (steps === 0) return 'Nothing recorded yet.';
  return `${steps} ${steps === 1 ? 'step' : 'steps'} so far.`;
}

function UnderWay({ steps }: { steps: number }) {
  return (
    <Notice tone="wait" role="status" label="Recording">
      <b>Recording</b>
      <p>Sign in in the window that opens. It closes when the login is through. {stepsInWords(steps)}</p>
    </Notice>
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

interface DoneProps {
  profile: string;
  outcome: Extract<RecordOutcome, { kind: 'done' }>;
}

/** Where the recorded script stands by now. */
function useWhereabouts({ profile, outcome }: DoneProps): string {
  return useScripts((state) => {
    const script = scriptOf(state, profile);
    if (script?.draft != null) return 'The recorded script is in the editor, not saved yet.';
    const isThere = script !== undefined && sourceOf(script) === outcome.source;
    return isThere ? 'The recorded script is saved.' : 'The login was recorded.';
  });
}

/** What the recorded script still needs, in words. */
function Needs({ outcome, needs }: Pick<DoneProps, 'outcome'> & { needs: ReturnType<typeof openNeeds> }) {
  const { persona, missing } = outcome;
  const differing = missing.filter(({ differs }) => differs);
  return (
    <>
      {needs.lacking.length > 0 && (
        <p>
          “{persona}” still needs <Names names={needs.lacking.map(({ name }) => name)} /> for it. Nothing that
          was typed is kept.
        </p>
      )}
      {needs.empty.length > 0 && (
        <p>
          Give <Names names={needs.empty} /> of “{persona}” a value below.
        </p>
      )}
      {differing.length > 0 && (
        <p>
          “{persona}” has something else than was typed for{' '}
          <Names names={differing.map(({ name }) => name)} />.
        </p>
      )}
      {needs.hosts.length > 0 && (
        <p>
          It sends values to <Names names={needs.hosts} />, inside the login page; scripts of this profile may
          not yet.
        </p>
      )}
    </>
  );
}

function Done({ profile, outcome }: DoneProps) {
  const { putBack, dismiss, allowHosts } = useRecordings((store) => store);
  const addValues = usePersonaStore((store) => store.addValues);
  const saved = useProfile(profile)?.profile;
  const editor = useProfileEditor(profile);
  const secrets = useSnapshot(({ tokens }) => tokens.secrets);
  const whereabouts = useWhereabouts({ profile, outcome });
  if (saved === undefined || editor === undefined) return null;
  const { personas } = editor.form;
  const needs = openNeeds(outcome, { personas, scriptHosts: saved.scriptHosts, secrets });
  const { lacking, hosts } = needs;
  const isOpen = outcome.missing.some(({ differs }) => differs) || Object.values(needs).flat().length > 0;
  const buttons = (
    <>
      {outcome.before.trim() !== '' && (
        <Button onClick={() => putBack(profile)}>Put the former script back</Button>
      )}
      {hosts.length > 0 && (
        <Button onClick={() => void allowHosts(profile, hosts)}>
          Allow {hosts.length === 1 ? 'this host' : 'these hosts'}
        </Button>
      )}
      {lacking.length > 0 && (
        <Button kind="primary" onClick={() => void addValues(profile, outcome.persona, lacking)}>
          Add to “{outcome.persona}”
        </Button>
      )}
      <Button kind="ghost" onClick={() => dismiss(profile)}>
        Close
      </Button>
    </>
  );
  return (
    <>
      <Notice tone={isOpen ? 'warn' : 'wait'} role="status" label="Recorded script" buttons={buttons}>
        <b>{whereabouts}</b>
        <Needs outcome={outcome} needs={needs} />
      </Notice>
      {outcome.error !== null && <ErrorPanel error={outcome.error} />}
    </>
  );
}

/** How a recording goes on, and what came of it: which values the persona still needs, and how to go back. */
export function RecordingNote({ profile }: { profile: string }) {
  const steps = useSnapshot((snapshot) => stepsSoFar(snapshot, profile));
  const outcome = useRecordings((store) => outcomeOf(store, profile));
  const dismiss = useRecordings((store) => store.dismiss);
  if (steps !== undefined) return <UnderWay steps={steps} />;
  if (outcome === undefined) return null;
  if (outcome.kind === 'done') return <Done profile={profile} outcome={outcome} />;
  return (
    <ErrorPanel error={outcome.error}>
      <Button onClick={() => dismiss(profile)}>Close</Button>
    </ErrorPanel>
  );
}
