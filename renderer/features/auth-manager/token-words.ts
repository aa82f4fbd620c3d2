import type { ClientAuthenticationKind } from '../../../shared/model/client.ts';
import type { Profile } from '../../../shared/model/profile.ts';
import {
  type RefreshTokenView,
  type TokenState,
  type TokenStatus,
  tokenStateAt,
} from '../../../shared/model/token.ts';
import type { Tone } from '../../ui/chip.tsx';
import { grantWords } from './form/grant-words.ts';

/** A valid token turns to the warning colour for its last minute. */
const soonMs = 60_000;

const stateWords: Record<TokenState, { word: string; short: string; tone: Tone }> = {
  none: { word: 'No token', short: 'no token', tone: 'none' },
  valid: { word: 'Valid', short: 'valid', tone: 'good' },
  expired: { word: 'Expired', short: 'expired', tone: 'bad' },
  stale: { word: 'Stale (settings changed)', short: 'stale', tone: 'warn' },
  updating: { word: 'Updating…', short: 'updating', tone: 'wait' },
  waiting: { word: 'Waiting for you', short: 'waiting', tone: 'wait' },
};

/** How a token stands at an instant, in the words and the colour used everywhere. */
export interface TokenSummary {
  state: TokenState;
  /** For the chip, such as "Valid". */
  word: string;
  /** Milliseconds until it counts as expired; null when it is not valid or the server named no end. */
  leftMs: number | null;
  /** For a row of a list: the countdown, or the state in small letters. */
  short: string;
  tone: Tone;
}

/** Sums up a status; without one there is no token. `busy`: an update was just asked for and is not reported yet. */
export function summarize(status: TokenStatus | undefined, nowMs: number, busy = false): TokenSummary {
  const known = status === undefined ? 'none' : tokenStateAt(status, nowMs);
  const state = busy && known !== 'waiting' ? 'updating' : known;
  const words = stateWords[state];
  const left = state === 'valid' && status !== undefined ? timeLeft(status, nowMs) : null;
  const failed = status?.failure != null && (state === 'none' || state === 'expired');
  return {
    state,
    word: words.word,
    leftMs: left,
    short: left === null ? words.short : formatCountdown(left),
    tone: failed ? 'bad' : left !== null && left < soonMs ? 'warn' : words.tone,
  };
}

function timeLeft({ access }: TokenStatus, nowMs: number): number | null {
  if (access.kind === 'none' || access.usableUntilMs === null) return null;
  // This window's clock tick may be a moment older than a token that has just come.
  return Math.max(0, Math.min(access.usableUntilMs - nowMs, access.usableUntilMs - access.issuedAtMs));
}

/** The usable lifetime of a held token in ms, from issue to the instant when it counts as expired; null: unknown. */
export function lifetimeMs({ access }: TokenStatus): number | null {
  if (access.kind === 'none' || access.usableUntilMs === null) return null;
  return Math.max(0, access.usableUntilMs - access.issuedAtMs);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A remaining time as a clock shows it: `0:28`, `23:41`, `1:02:05`, and from two days on `13 d 4 h`. */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** Roughly how long something lasts yet, such as "13 days". */
export function formatRoughly(ms: number): string {
  const steps: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ];
  for (const [size, unit] of steps) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'moments';
}

/** How the refresh token stands, in a few words. */
export function refreshTokenWords(refresh: RefreshTokenView, nowMs: number): string {
  switch (refresh.kind) {
    case 'none':
      return 'none';
    case 'refused':
      return 'refused by the server';
    case 'expired':
      return 'expired';
    case 'usable':
      if (refresh.expiresAtMs === null) return 'held, no known end';
      return refresh.expiresAtMs <= nowMs ? 'expired' : `${formatRoughly(refresh.expiresAtMs - nowMs)} left`;
  }
}

/** What the engine is doing, as a sentence for the token panel; null while it is idle. */
export function activityWords(status: TokenStatus | undefined, busy: boolean): string | null {
  switch (status?.activity.kind) {
    case 'refreshing':
      return 'Refreshing the token…';
    case 'consent':
      if (status.activity.question !== null) return 'The script waits for your answer';
      return status.activity.attended
        ? 'Waiting for you at the consent screens'
        : 'The script works the consent screens…';
    case 'device':
      return 'Waiting for the code to be entered';
    case 'backchannel':
      return `Waiting for ${status.activity.who} to approve on their device`;
    case 'requesting':
      return 'Getting a token…';
    case 'elsewhere':
      return capitalised(status.activity.what);
    default:
      return busy ? 'Getting a token…' : null;
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Differences below this do not matter to tokens: margin and network take care of them. */
const notableClockMs = 30_000;

/** How the server's clock stands to this machine's, when that matters to tokens; null when it does not. */
export function clockWords(clockAheadMs: number | null): string | null {
  if (clockAheadMs === null || Math.abs(clockAheadMs) < notableClockMs) return null;
  const side = clockAheadMs > 0 ? 'ahead of' : 'behind';
  return `The server's clock is ${formatSpan(Math.abs(clockAheadMs))} ${side} this machine's.`;
}

/** A span in one unit: `45 s`, `4 min`, `3 h`, `2 d`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

const clientWords = {
  none: 'public client',
  client_secret_basic: 'Basic',
  client_secret_post: 'body',
  client_secret_jwt: 'secret JWT',
  private_key_jwt: 'private key JWT',
  tls_client_auth: 'mutual TLS',
} as const satisfies Record<ClientAuthenticationKind, string>;

/** A profile in one line: its grant and how its client proves who it is. */
export function profileWords(profile: Profile): string {
  return `${grantWords[profile.grant.kind].label} · ${clientWords[profile.client.kind]}`;
}

/** Whether nothing will go on with this profile until the person does something. */
export function needsPerson(profile: Profile, status: TokenStatus | undefined, nowMs: number): boolean {
  const { state } = summarize(status, nowMs);
  if (state === 'waiting' || state === 'stale') return true;
  if (state === 'valid' || state === 'updating') return false;
  return status?.failure != null || (state === 'expired' && profile.refreshMode === 'manual');
}
