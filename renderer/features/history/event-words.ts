import { assertNever } from '../../../shared/errors.ts';
import type { TokenEvent, TokenEventKind, Trigger } from '../../../shared/model/token.ts';
import type { Tone } from '../../ui/chip.tsx';
import { formatDuration } from '../../ui/time-words.ts';

const tones: Record<TokenEventKind, Tone> = {
  obtained: 'good',
  refreshed: 'good',
  updated_elsewhere: 'good',
  refresh_refused: 'bad',
  refresh_failed: 'bad',
  obtain_failed: 'bad',
  consent_started: 'wait',
  consent_cancelled: 'none',
  host_answered: 'none',
  script_log: 'none',
  sent_expired: 'warn',
  rejected_by_api: 'warn',
  not_sent: 'bad',
  revealed: 'none',
  forgotten: 'none',
  became_stale: 'warn',
  clock_differs: 'warn',
  revoked: 'none',
  introspected: 'none',
  logged_out: 'none',
  session_cleared: 'none',
  end_failed: 'bad',
};

/** The colour of one thing that happened. */
export function eventTone(kind: TokenEventKind): Tone {
  return tones[kind];
}

/** Whether something went wrong, or may surprise: what the filter "Problems" shows. */
export function isProblem(kind: TokenEventKind): boolean {
  return tones[kind] === 'bad' || tones[kind] === 'warn';
}

/** How long it took and what it came to, in one line; empty where there is nothing to add to the title. */
export function eventDetail({ durationMs, detail }: TokenEvent): string {
  const duration = durationMs === null ? '' : formatDuration(durationMs);
  // The engine's sentence often tells the duration itself.
  const parts = detail.includes(duration) ? [detail] : [duration, detail];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What asked for a token, as the person did it. */
export function triggerWords(trigger: Trigger): string {
  switch (trigger) {
    case 'send':
      return 'Sending a request';
    case 'get':
      return 'Get Access Token';
    case 'refresh':
      return 'Refresh, by hand';
    case 'renew':
      return 'Renewal ahead of the expiry';
    default:
      return assertNever(trigger);
  }
}

/** Which requests waited, such as "List orders and 999 more waited"; null when none did. */
export function waitedWords({ waited, waitedCount }: TokenEvent): string | null {
  const [first] = waited;
  if (waitedCount === 0) return null;
  if (first === undefined) return `${waitedCount.toLocaleString()} waited`;
  const more = waitedCount - 1;
  return more <= 0 ? `${first} waited` : `${first} and ${more.toLocaleString()} more waited`;
}
