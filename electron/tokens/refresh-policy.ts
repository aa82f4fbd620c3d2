import { assertNever } from '../../shared/errors.ts';
import type { RefreshMode } from '../../shared/model/profile.ts';
import type { RefreshTokenView, Trigger } from '../../shared/model/token.ts';

/** All that the refresh policy looks at. */
export interface PolicyState {
  trigger: Trigger;
  mode: RefreshMode;
  /** `missing`: none, or one that is not to be used: stale, or just rejected by the API. */
  access: 'usable' | 'expired' | 'missing';
  refresh: RefreshTokenView['kind'];
  repeat: RepeatedGrant;
  hasScript: boolean;
  /** Whether the project is trusted, so that its scripts may run. */
  trusted: boolean;
  /** Whether somebody is here who can do what the grant takes. */
  personPresent: boolean;
}

/**
 * What repeating a grant takes: nothing (`silent`), a person or a script at screens, a person on another device. `chained`:
 * it begins with a refresh token that was used already, so that only the one that came of it may be sent.
 */
export type RepeatedGrant = 'silent' | 'chained' | 'screens' | 'elsewhere';

/** What the refresh policy says is to be done. */
export type PolicyAction =
  | 'use'
  /** Nothing is to be done about it by itself. */
  | 'leave'
  | 'send_expired'
  | 'refresh'
  | 'repeat_grant'
  | 'consent_unattended'
  | 'consent_attended'
  | 'consent_elsewhere'
  | 'fail_consent_required'
  | 'fail_project_not_trusted'
  | 'fail_token_missing'
  | 'fail_refresh_token_missing'
  | 'fail_refresh_token_spent';

/** The refresh policy of DESIGN.md, "The life of a token set": one action for every state. */
export function decide(state: PolicyState): PolicyAction {
  switch (state.trigger) {
    case 'send':
      if (state.access === 'usable') return 'use';
      if (state.mode === 'manual') return state.access === 'expired' ? 'send_expired' : 'fail_token_missing';
      return state.refresh === 'usable' ? 'refresh' : fromTheStart(state);
    case 'get':
      // Whatever is thought of the newest refresh token: it is the only one that there is to be tried.
      if (state.repeat === 'chained' && state.refresh !== 'none') return 'refresh';
      return fromTheStart(state);
    case 'renew':
      return aheadOfExpiry(state);
    case 'refresh':
      return canRefreshByHand(state.refresh) ? 'refresh' : 'fail_refresh_token_missing';
    default:
      return assertNever(state.trigger);
  }
}

/** Repeats the grant: by itself if it can, else by a script that may run, else by the person. */
function fromTheStart(state: PolicyState): PolicyAction {
  if (state.repeat === 'silent') return 'repeat_grant';
  if (state.repeat === 'chained') return 'fail_refresh_token_spent';
  // Wherever this runs: who approves is not here.
  if (state.repeat === 'elsewhere') return 'consent_elsewhere';
  if (state.hasScript && state.trusted) return 'consent_unattended';
  if (state.personPresent) return 'consent_attended';
  return state.hasScript ? 'fail_project_not_trusted' : 'fail_consent_required';
}

/** Renewal ahead of the expiry is what the background can do alone: never consent, and nothing in Manual mode. */
function aheadOfExpiry(state: PolicyState): PolicyAction {
  if (state.mode === 'manual') return 'leave';
  if (state.refresh === 'usable') return 'refresh';
  return state.repeat === 'silent' ? 'repeat_grant' : 'leave';
}

/** A refused refresh token that is still kept may be tried again, but only by hand. */
function canRefreshByHand(refresh: RefreshTokenView['kind']): boolean {
  return refresh === 'usable' || refresh === 'refused';
}

/** Whether the Refresh button shows: Manual mode and a refresh token that has not expired. */
export function refreshShown(mode: RefreshMode, refresh: RefreshTokenView['kind']): boolean {
  return mode === 'manual' && canRefreshByHand(refresh);
}

/** Whether "Refresh now" is in the profile's menu: Automatic mode and a refresh token that has not expired. */
export function refreshNowShown(mode: RefreshMode, refresh: RefreshTokenView['kind']): boolean {
  return mode === 'automatic' && canRefreshByHand(refresh);
}
