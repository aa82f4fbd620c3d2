import type { AppError } from '../../shared/errors.ts';
import type { TokenEventKind, Trigger } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import type { LockHolder } from '../files/file-lock.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import type { PolicyAction } from './refresh-policy.ts';
import type { TokenSet } from './token-set.ts';
import type { TokenOwner } from './token-subject.ts';
import type { ApprovalPrompt } from './token-updates.ts';

/** The ways to a new token set. */
export type UpdateAction = Extract<
  PolicyAction,
  'refresh' | 'repeat_grant' | 'consent_unattended' | 'consent_attended' | 'consent_elsewhere'
>;

/** What brought an update about. */
export type UpdateCause = 'background' | 'by_hand' | 'after_401' | 'ahead';

/** The cause of an update; `rejected` is the token that the API has just refused. */
export function causeOf(trigger: Trigger, rejected: Secret | null): UpdateCause {
  if (trigger === 'renew') return 'ahead';
  if (trigger !== 'send') return 'by_hand';
  return rejected === null ? 'background' : 'after_401';
}

const refreshedTitles: Record<UpdateCause, string> = {
  background: 'Refreshed in the background',
  by_hand: 'Refreshed by hand',
  after_401: 'Refreshed after the API rejected the token',
  ahead: 'Renewed ahead of its expiry',
};

/** How the timeline names a successful update. */
export function updatedTitle(action: UpdateAction, cause: UpdateCause): string {
  switch (action) {
    case 'refresh':
      return refreshedTitles[cause];
    case 'repeat_grant':
      return cause === 'ahead' ? refreshedTitles.ahead : 'Obtained by repeating the grant';
    case 'consent_unattended':
      return 'Obtained by consent, unattended';
    case 'consent_attended':
      return 'Obtained by consent';
    case 'consent_elsewhere':
      return 'Obtained by approval on another device';
  }
}

/** How the timeline tells what somebody is asked to do on another device. */
export function promptWords(prompt: ApprovalPrompt): { title: string; detail: string } {
  if (prompt.kind === 'backchannel')
    return { title: 'Approval asked for', detail: `Waiting for ${prompt.who} to approve on their device` };
  return {
    title: 'Device code shown',
    detail: `Waiting for it to be entered at ${new URL(prompt.verificationUri).host}`,
  };
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
  consent_elsewhere: 'approval on another device follows',
  fail_refresh_token_spent: 'another refresh token must be stored in the profile',
  fail_consent_required: 'there is no script and nobody here for consent',
  fail_project_not_trusted:
    'the script does not run, since the project is not trusted, and nobody is here for consent',
};

/** How the timeline names a failed update. */
export function failedEvent(
  action: UpdateAction,
  error: AppError,
): { kind: TokenEventKind; title: string; detail: string } {
  const detail = `${error.message} Nothing that is stored was lost.`;
  const cancelled = isCancelled(error) || error.code === 'consent_window_closed';
  if (action === 'refresh') {
    return { kind: 'refresh_failed', title: cancelled ? 'Refresh cancelled' : 'Refresh failed', detail };
  }
  if (!cancelled) return { kind: 'obtain_failed', title: 'No token obtained', detail: error.message };
  const title = action.startsWith('consent') ? 'Consent cancelled' : 'Get Access Token cancelled';
  return { kind: 'consent_cancelled', title, detail: error.message };
}

/**
 * What a lock is held for and where, as others are told: "updating the token of “Orders API” in the desktop app". `doing`:
 * "updating the token of".
 */
export function purposeOf({ profile }: TokenOwner, doing: string, where: string): string {
  return `${doing} “${profile.name.slice(0, 80)}” in ${where}`;
}

/** What another process does, as the person is told. */
export function holderWords({ purpose, pid }: LockHolder): string {
  return `${purpose} (process ${pid})`;
}

/** How the timeline tells that a server's clock is far from ours. */
export function clockWords(aheadMs: number): { title: string; detail: string } {
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  return {
    title: `The server's clock is ${durationWords(Math.abs(aheadMs))} ${direction} this machine's`,
    detail: 'Expiry is counted by this machine; check which of the two clocks is right',
  };
}

/** Whether an update ended because nobody wanted it any more: no failure to be shown. */
export function isCancelled(error: AppError): boolean {
  return error.code === 'cancelled' || error.code === 'consent_cancelled';
}

function durationWords(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 100_000) return `${(durationMs / 1000).toFixed(1)} s`;
  return durationMs < 7_200_000
    ? `${Math.round(durationMs / 60_000)} min`
    : `${Math.round(durationMs / 3_600_000)} h`;
}
