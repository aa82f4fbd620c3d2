import { useState } from 'react';
import type { AccessTokenView, TokenStatus } from '../../../shared/model/token.ts';
import { copyText } from '../../api/copy-text.ts';
import { useProject } from '../../api/use-engine.ts';
import { useNow } from '../../api/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Tag } from '../../ui/chip.tsx';
import { classes } from '../../ui/classes.ts';
import { useToken, useTokenStore } from './stores.ts';
import styles from './token.module.css';
import { TokenEventList, useTokenEvents } from './token-events.tsx';
import { TokenNotice } from './token-notice.tsx';
import {
  activityWords,
  formatCountdown,
  formatTime,
  lifetimeMs,
  refreshTokenWords,
  summarize,
} from './token-words.ts';

/** As many events as the panel tells; the rest is in the Timeline tab. */
const shownEvents = 6;

function Life({ profile }: { profile: string }) {
  const now = useNow();
  const { status, busy } = useToken(profile);
  const summary = summarize(status, now, busy);
  const doing = activityWords(status, busy);
  const whole = status === undefined ? null : lifetimeMs(status);
  const share = summary.leftMs === null || !whole ? 0 : summary.leftMs / whole;
  const counting = summary.leftMs !== null;
  return (
    <>
      <div className={styles.life}>
        <b className={classes(!counting && styles.words)}>
          {doing ?? (summary.leftMs === null ? summary.word : formatCountdown(summary.leftMs))}
        </b>
        <span className={styles.dim}>
          {doing === null && counting && whole !== null && `of ${formatCountdown(whole)} left`}
          {doing === null && summary.state === 'valid' && !counting && 'the server named no end'}
          {doing === null && summary.state === 'expired' && expiredAt(status)}
        </span>
      </div>
      <div className={styles.bar} aria-hidden="true">
        <div
          className={classes(styles.fill, doing !== null && styles.running)}
          data-tone={summary.tone}
          style={doing === null ? { width: `${share * 100}%` } : undefined}
        />
      </div>
    </>
  );
}

function expiredAt(status: TokenStatus | undefined): string | null {
  if (status?.access.kind !== 'held' || status.access.usableUntilMs === null) return null;
  return `at ${formatTime(status.access.usableUntilMs)}`;
}

/** Copies a profile's access token; the button says so for a moment. */
function CopyToken({ profile }: { profile: string }) {
  const [copied, setCopied] = useState(false);
  const reveal = useTokenStore((state) => state.reveal);
  async function copy(): Promise<void> {
    if (!(await reveal(profile, copyText))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  }
  return (
    <Button kind="link" aria-label="Copy access token" onClick={() => void copy()}>
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}

function Facts({ profile, status }: { profile: string; status: TokenStatus | undefined }) {
  const now = useNow();
  const access: AccessTokenView = status?.access ?? { kind: 'none' };
  return (
    <>
      <dl className={styles.facts}>
        <dt>Access</dt>
        <dd className={classes(access.kind === 'held' ? styles.mono : styles.dim)}>
          {access.kind === 'held' ? access.masked : 'none'}
        </dd>
        {access.kind === 'held' ? <CopyToken profile={profile} /> : <span />}
        <dt>Refresh</dt>
        <dd className={styles.full}>{refreshTokenWords(status?.refresh ?? { kind: 'none' }, now)}</dd>
        {access.kind === 'held' && access.subject !== null && (
          <>
            <dt>Subject</dt>
            <dd className={classes(styles.full, styles.mono)} title={access.subject}>
              {access.subject}
            </dd>
          </>
        )}
      </dl>
      {access.kind === 'held' && access.scope.length > 0 && (
        <div className={styles.tags}>
          {access.scope.map((scope) => (
            <Tag key={scope}>{scope}</Tag>
          ))}
        </div>
      )}
    </>
  );
}

function UsedBy({ profile }: { profile: string }) {
  const requests = useProject((project) => project.requests);
  const users = requests.filter(
    ({ effectiveAuth: auth }) => auth.kind === 'profile' && auth.profile === profile,
  );
  if (users.length === 0) return <p className={styles.none}>No request uses this profile yet.</p>;
  return (
    <ul className={classes(styles.panel, styles.users)}>
      {users.map(({ id, request }) => (
        <li key={id}>
          {request.method} <b>{request.name}</b>
          {request.auth.kind === 'inherit' && <span className={styles.dim}> (inherited)</span>}
        </li>
      ))}
    </ul>
  );
}

/** The panel that answers "what is the token doing?". */
export function TokenPanel({ profile }: { profile: string }) {
  const { status } = useToken(profile);
  const events = useTokenEvents(profile);
  return (
    <aside className={styles.side} aria-label="Token">
      <div className={styles.panel}>
        <Life profile={profile} />
        <Facts profile={profile} status={status} />
      </div>
      <TokenNotice profile={profile} />
      <h3>What happened</h3>
      {events.length === 0 ? (
        <p className={styles.none}>Nothing yet. Get Access Token begins the story.</p>
      ) : (
        <div className={styles.panel}>
          <TokenEventList events={events.slice(0, shownEvents)} label="What happened" />
        </div>
      )}
      <h3>Used by</h3>
      <UsedBy profile={profile} />
    </aside>
  );
}
