import type { AppError } from '../../shared/errors.ts';
import type { TokenEventKind } from '../../shared/model/token.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import type { PolicyAction } from './refresh-policy.ts';
import type { TokenSet } from './token-set.ts';

/** The ways to a new token set. */
export type UpdateAction = Extract<
  PolicyAction,
  'refresh' | 'repeat_grant' | 'consent_unattended' | 'consent_attended'
>;

/** How the timeline names a successful update. `cause`: what brought it about. */
export function updatedTitle(action: UpdateAction, cause: 'background' | 'by_hand' | 'after_401'): string {
  switch (action) {
    case 'refresh':
      if (cause === 'by_hand') return 'Refreshed by hand';
      return cause === 'after_401'
        ? 'Refreshed after the API rejected the token'
        : 'Refreshed in the background';
    case 'repeat_grant':
      return 'Obtained by repeating the grant';
    case 'consent_unattended':
      return 'Obtained by consent, unattended';
    case 'consent_attended':
      return 'Obtained by consent';
  }
}

/** For example "212 ms · new refresh token stored". */
export function updatedDetail(
  answer: TokenAnswer,
  set: TokenSet,
  durationMs: number,
  unsaved: AppError | null,
): string {
  const refresh =
    answer.refreshToken !== null
      ? 'new refresh token stored'
      : set.refresh.kind === 'none'
        ? 'no refresh token came'
        : 'refresh token kept';
  const stored = unsaved === null ? refresh : `kept in memory only, not stored: ${unsaved.message}`;
  return `${durationWords(durationMs)} · ${stored}`;
}

/** What the server said in refusing, in a word or two: its error code, else the HTTP status. */
export function refusalWords(error: AppError): string {
  const { server } = error;
  return (server?.error ?? (server?.status === undefined ? error.code : `HTTP ${server.status}`)).slice(
    0,
    100,
  );
}

/** What was done with the refused refresh token, and what follows. */
export function refusalDetail(error: AppError, dropped: boolean, next: PolicyAction | null): string {
  // The server's sentence goes on with ours: its end stop would stand in the middle.
  const said = error.server?.errorDescription?.replace(/[\s.]+$/, '');
  const done = dropped
    ? 'the refresh token was dropped'
    : 'the refresh token is kept, and not used again by itself';
  return [said, done, next === null ? undefined : nextWords[next]]
    .filter((part) => part !== undefined)
    .join(' · ');
}

const nextWords: Partial<Record<PolicyAction, string>> = {
  repeat_grant: 'the grant is repeated',
  consent_unattended: 'consent follows, worked by the script',
  consent_attended: 'consent follows, and waits for you',
  fail_consent_required: 'there is no script and nobody here for consent',
};

/** How the timeline names a failed update. */
export function failedEvent(
  action: UpdateAction,
  error: AppError,
): { kind: TokenEventKind; title: string; detail: string } {
  const detail = `${error.message} Nothing was lost.`;
  const cancelled = isCancelled(error) || error.code === 'consent_window_closed';
  if (action === 'refresh') {
    return { kind: 'refresh_failed', title: cancelled ? 'Refresh cancelled' : 'Refresh failed', detail };
  }
  if (!cancelled) return { kind: 'obtain_failed', title: 'No token obtained', detail: error.message };
  const title = action === 'repeat_grant' ? 'Get Access Token cancelled' : 'Consent cancelled';
  return { kind: 'consent_cancelled', title, detail: error.message };
}

/** Whether an update ended because nobody wanted it any more: no failure to be shown. */
export function isCancelled(error: AppError): boolean {
  return error.code === 'cancelled' || error.code === 'consent_cancelled';
}

function durationWords(durationMs: number): string {
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}
