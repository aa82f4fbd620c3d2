import type { Finding } from '../model/finding.ts';
import type { TokenStatus } from '../model/token.ts';
import { type Advice, adviceOn, gravestFirst } from './advice.ts';
import { longestShortMs } from './profile-advice.ts';

const dayMs = 24 * 3600 * 1000;
/** A few seconds more than an hour are still an hour: the server and the way to it take their time. */
const measuringMs = 60_000;

/** How long the access token lives, in milliseconds; Infinity: it has no known end; 0: there is none to speak of. */
function lifeMs({ access }: TokenStatus): number {
  if (access.kind === 'none' || access.stale) return 0;
  return access.expiresAtMs === null ? Number.POSITIVE_INFINITY : access.expiresAtMs - access.issuedAtMs;
}

function hours(ms: number): string {
  const count = Math.round(ms / (3600 * 1000));
  return count < 48 ? `${count} hours` : `${Math.round(count / 24)} days`;
}

/** What the tokens that are held show of how their server gives them out. */
export const tokenAdvice: readonly Advice<TokenStatus>[] = [
  {
    code: 'access_token_endless',
    severity: 'medium',
    source: 'RFC 6750 section 5.3',
    text: () => 'The access token has no known end: a stolen one can be used until somebody notices.',
    find: (status) => (lifeMs(status) === Number.POSITIVE_INFINITY ? '' : null),
  },
  {
    code: 'access_token_very_long',
    severity: 'medium',
    source: 'RFC 6750 section 5.3',
    text: (about) => `The access token lives for ${about}; an hour or less is recommended.`,
    find: (status) => {
      const ms = lifeMs(status);
      return ms > dayMs + measuringMs && Number.isFinite(ms) ? hours(ms) : null;
    },
  },
  {
    code: 'access_token_long',
    severity: 'low',
    source: 'RFC 6750 section 5.3',
    text: (about) => `The access token lives for ${about}; an hour or less is recommended.`,
    find: (status) => {
      const ms = lifeMs(status);
      return ms > longestShortMs + measuringMs && ms <= dayMs + measuringMs ? hours(ms) : null;
    },
  },
];

/**
 * Everything that is to be told of what is held, the gravest first: what its last update showed, and what it is; and how
 * the server told of the failure since then.
 */
export function adviseToken(status: TokenStatus): Finding[] {
  const held = status.access.kind === 'none' ? [] : status.findings;
  return gravestFirst([
    ...adviceOn(tokenAdvice, status),
    ...held,
    ...(status.failure?.server?.findings ?? []),
  ]);
}
