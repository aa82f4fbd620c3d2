import type { AccessTokenView, TokenStatus } from '../../../shared/model/token.ts';
import { useNow } from '../../api/use-now.ts';
import { Tag } from '../../ui/chip.tsx';
import { classes } from '../../ui/classes.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatTime } from '../../ui/time-words.ts';
import { TokenEventList, useTokenEvents } from '../history/index.ts';
import { FindingsNote } from './findings-list.tsx';
import { personaNames } from './personas.ts';
import { useProfile, useToken, useTokenStore } from './stores.ts';
import styles from './token.module.css';
import { TokenNotice } from './token-notice.tsx';
import {
  activityWords,
  clockWords,
  formatCountdown,
  lifetimeMs,
  refreshTokenWords,
  summarize,
} from './token-words.ts';
import { UsedBy } from './used-by.tsx';

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

function Facts({ profile }: { profile: string }) {
  const now = useNow();
  const { persona, status } = useToken(profile);
  const saved = useProfile(profile)?.profile;
  const reveal = useTokenStore((state) => state.reveal);
  const several = saved !== undefined && personaNames(saved, persona).length > 1;
  const access: AccessTokenView = status?.access ?? { kind: 'none' };
  return (
    <>
      <dl className={styles.facts}>
        {several && (
          <>
            <dt>Persona</dt>
            <dd className={styles.full} title={persona}>
              {persona}
            </dd>
          </>
        )}
        <dt>Access</dt>
        <dd className={classes(access.kind === 'held' ? styles.mono : styles.dim)}>
          {access.kind === 'held' ? access.masked : 'none'}
        </dd>
        {access.kind === 'held' ? (
          <CopyButton kind="link" label="Copy access token" copy={() => reveal(profile, persona)} />
        ) : (
          <span />
        )}
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
      {status !== undefined && status.renewsAtMs !== null && (
        <p className={styles.none}>renews at {formatTime(status.renewsAtMs)}</p>
      )}
    </>
  );
}

/** What the person must know to read the times: whose clock counts, when the two differ. */
function ClockNote({ status }: { status: TokenStatus | undefined }) {
  const words = clockWords(status?.clockAheadMs ?? null);
  if (words === null) return null;
  return (
    <p className={styles.warning} role="note" aria-label="Clocks differ">
      {words} Expiry is counted by this machine's clock.
    </p>
  );
}

/** The panel that answers "what is the token doing?", for the active persona of a profile. */
export function TokenPanel({ profile }: { profile: string }) {
  const { persona, status } = useToken(profile);
  const events = useTokenEvents(profile).filter((event) => event.persona === persona);
  return (
    <aside className={styles.side} aria-label="Token">
      <div className={styles.panel}>
        <Life profile={profile} />
        <Facts profile={profile} />
      </div>
      <FindingsNote profile={profile} />
      <ClockNote status={status} />
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
