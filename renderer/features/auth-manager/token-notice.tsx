import { ErrorPanel } from '../../ui/error-panel.tsx';
import { ApprovalPrompt } from './approval-prompt.tsx';
import { useToken } from './stores.ts';
import styles from './token.module.css';
import type { TokenOf } from './token-buttons.tsx';

/** What the person must know or do about a token: the sign-in page to open, a code to enter elsewhere, or why the last update failed. */
export function TokenNotice({ profile, persona = null }: TokenOf) {
  const { status, busy, failure } = useToken(profile, persona);
  const openUrl = status?.activity.kind === 'consent' ? status.activity.openUrl : null;
  if (openUrl !== null && /^https?:/i.test(openUrl)) {
    return (
      <div className={styles.notice} role="note" aria-label="Sign-in page">
        <p>The server wants you to sign in. Its page could not be opened from here.</p>
        <a className={styles.open} href={openUrl} target="_blank" rel="noopener noreferrer">
          Open the sign-in page
        </a>
      </div>
    );
  }
  if (status?.activity.kind === 'device' || status?.activity.kind === 'backchannel')
    return <ApprovalPrompt activity={status.activity} />;
  return failure !== null && !busy ? <ErrorPanel error={failure} /> : null;
}
