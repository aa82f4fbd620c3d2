import { useId, useState } from 'react';
import type { Profile } from '../../../shared/model/profile.ts';
import { statusKey } from '../../api/snapshot.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { type ActionWords, disabledReason, outcomeWords } from './action-words.ts';
import { InspectionView } from './inspection-view.tsx';
import { IntrospectionTable } from './introspection-table.tsx';
import { useToken, useTokenStore } from './stores.ts';
import type { TokenActionState } from './token-actions.ts';
import styles from './token-tab.module.css';

function Outcome({ state }: { state: TokenActionState }) {
  if (state.kind === 'running') return <p role="status">Under way…</p>;
  if (state.kind === 'failed') return <ErrorPanel error={state.error} />;
  if (state.outcome.kind === 'introspected') {
    return <IntrospectionTable introspection={state.outcome.introspection} />;
  }
  if (state.outcome.kind === 'inspected') return <InspectionView inspection={state.outcome.inspection} />;
  return <p role="status">{outcomeWords(state.outcome)}</p>;
}

/** One thing to do with what is held: its button, what it does or why it cannot, and below what came of it. */
export function TokenActionRow({
  id,
  profile,
  persona,
  words,
}: {
  id: string;
  profile: Profile;
  persona: string;
  words: ActionWords;
}) {
  const [asking, setAsking] = useState(false);
  const about = useId();
  const { status } = useToken(id, persona);
  const state = useTokenStore(({ actions }) => actions[statusKey(id, persona)]?.[words.kind]);
  const act = useTokenStore((store) => store.act);
  const reason = disabledReason(words.kind, profile, status);
  const { confirm } = words;
  const start = () => void act(words.kind, id, persona);
  return (
    <li className={styles.action}>
      <Button
        className={styles.button}
        disabled={reason !== null || state?.kind === 'running'}
        aria-label={words.label}
        aria-describedby={about}
        onClick={() => (confirm === undefined ? start() : setAsking(true))}
      >
        {words.label}
        {confirm !== undefined && '…'}
      </Button>
      <div className={styles.about} id={about}>
        <p>{words.text}</p>
        {reason !== null && <p className={styles.reason}>{reason}</p>}
      </div>
      {state !== undefined && (
        <div className={styles.outcome}>
          <Outcome state={state} />
        </div>
      )}
      {confirm !== undefined && (
        <ConfirmDialog
          open={asking}
          onClose={() => setAsking(false)}
          title={confirm.title}
          description={confirm.text}
          confirm={confirm.button}
          onConfirm={start}
        />
      )}
    </li>
  );
}
