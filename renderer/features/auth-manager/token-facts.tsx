import type { ReactNode } from 'react';
import { grantPresence } from '../../../shared/model/grant.ts';
import type { Profile } from '../../../shared/model/profile.ts';
import type { AccessTokenView, TokenStatus } from '../../../shared/model/token.ts';
import { useNow } from '../../api/use-now.ts';
import { Tag } from '../../ui/chip.tsx';
import { momentWords } from './claim-words.ts';
import styles from './token-tab.module.css';
import { clockWords, formatSpan, refreshTokenWords } from './token-words.ts';

type Held = Extract<AccessTokenView, { kind: 'held' }>;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** When the token counts as expired, and why that is before its end. */
function usableWords({ expiresAtMs, usableUntilMs }: Held, now: number): string {
  if (usableUntilMs === null) return 'never by itself';
  const moment = momentWords(usableUntilMs, now);
  const margin = expiresAtMs === null ? 0 : expiresAtMs - usableUntilMs;
  return margin <= 0 ? moment : `${moment}, margin ${formatSpan(margin)}`;
}

function AccessFacts({ access, profile }: { access: Held; profile: Profile }) {
  const now = useNow();
  const custom = profile.accessLifetime.kind === 'custom' ? ', as the profile says' : '';
  return (
    <>
      <Fact name="Access token">
        <code>{access.masked}</code>
      </Fact>
      <Fact name="Type">{access.tokenType}</Fact>
      <Fact name="Issued">{momentWords(access.issuedAtMs, now)}</Fact>
      <Fact name="Expires">
        {access.expiresAtMs === null
          ? 'the server named no end'
          : `${momentWords(access.expiresAtMs, now)}${custom}`}
      </Fact>
      <Fact name="Counts as expired">{usableWords(access, now)}</Fact>
      <Fact name="Scopes">
        {access.scope.length === 0
          ? 'the server named none'
          : access.scope.map((scope) => <Tag key={scope}>{scope}</Tag>)}
      </Fact>
      <Fact name="Subject">{access.subject === null ? 'not told' : <code>{access.subject}</code>}</Fact>
    </>
  );
}

function refreshWords({ refresh }: TokenStatus, now: number): string {
  if (refresh.kind === 'refused') return `refused by the server: ${refresh.reason}`;
  if (refresh.kind === 'none' || refresh.expiresAtMs === null) return refreshTokenWords(refresh, now);
  const word = refresh.expiresAtMs > now ? 'held until' : 'expired';
  return `${word} ${momentWords(refresh.expiresAtMs, now)}`;
}

function renewalWords({ refreshMode }: Profile, { renewsAtMs }: TokenStatus, now: number): string {
  if (renewsAtMs !== null) return `by itself at ${momentWords(renewsAtMs, now)}`;
  return refreshMode === 'automatic' ? 'when a request needs it' : 'by hand';
}

/** Everything that is known of what is held for a persona; no value that could be used is in it. */
export function TokenFacts({ profile, status }: { profile: Profile; status: TokenStatus | undefined }) {
  const now = useNow();
  if (status === undefined) return <p className={styles.none}>Nothing is known yet.</p>;
  return (
    <dl className={styles.facts}>
      {status.access.kind === 'held' ? (
        <AccessFacts access={status.access} profile={profile} />
      ) : (
        <Fact name="Access token">none</Fact>
      )}
      <Fact name="Refresh token">{refreshWords(status, now)}</Fact>
      <Fact name="Id token">{status.idTokenHeld ? 'held' : 'none'}</Fact>
      {grantPresence[profile.grant.kind] === 'screens' && (
        <Fact name="Consent session">
          {status.sessionKept ? 'kept: the next consent may skip the login page' : 'none is kept'}
        </Fact>
      )}
      <Fact name="Renewal">{renewalWords(profile, status, now)}</Fact>
      <Fact name="Clocks">{clockWords(status.clockAheadMs) ?? 'no difference that matters is known'}</Fact>
    </dl>
  );
}
