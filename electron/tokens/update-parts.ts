import type { GrantKind } from '../../shared/model/grant.ts';
import type { Trigger } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import type { FlightPlan } from './flight.ts';
import { decide, type PolicyAction } from './refresh-policy.ts';
import type { StatusBoard } from './status-board.ts';
import type { TokenLog } from './token-log.ts';
import type { TokenSet } from './token-set.ts';
import { accessState, countedRefresh, refreshView, repeatedGrant } from './token-status.ts';
import type { TokenStore } from './token-store.ts';
import type { TokenSubject } from './token-subject.ts';
import type { TokenUpdates } from './token-updates.ts';

/** What an update works with. */
export interface UpdateParts {
  store: TokenStore;
  updates: TokenUpdates;
  board: StatusBoard;
  log: TokenLog;
  now: () => number;
  /** Whether somebody is here who can do what the grant takes; without a grant: who could work screens. */
  personPresent: (grant?: GrantKind) => boolean;
  /** This host as other processes are told of it: "the desktop app". */
  where: string;
}

/** What was asked for: the trigger, and the token that the API has just rejected, if that is why. */
export interface UpdateRun extends FlightPlan {
  trigger: Trigger;
  rejected: Secret | null;
}

/** Whether a person has asked for it by a button. */
export function isByHand({ trigger }: Pick<UpdateRun, 'trigger'>): boolean {
  return trigger === 'get' || trigger === 'refresh';
}

/** The one action that the refresh policy says for a token set at this moment. */
export function actionFor(
  parts: Pick<UpdateParts, 'now' | 'personPresent'>,
  subject: TokenSubject,
  set: TokenSet | null,
  run: Pick<UpdateRun, 'trigger' | 'rejected'>,
): PolicyAction {
  const nowMs = parts.now();
  return decide({
    trigger: run.trigger,
    mode: subject.refreshMode,
    access: accessState(set, subject, nowMs, run.rejected),
    // By hand it is tried whatever came of the last one.
    refresh: isByHand(run) ? refreshView(set, subject, nowMs).kind : countedRefresh(set, subject, nowMs),
    repeat: repeatedGrant(set, subject),
    hasScript: subject.hasScript,
    trusted: subject.trusted,
    personPresent: parts.personPresent(subject.profile.grant.kind),
  });
}
