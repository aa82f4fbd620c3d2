import { AppError } from '../../shared/errors.ts';
import { automationFile } from '../../shared/model/profile.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import { refusalWords } from './event-words.ts';
import type { PolicyAction } from './refresh-policy.ts';
import type { TokenSubject } from './token-subject.ts';

const pasteAnother = 'Get a new refresh token where this one came from, and store it in the profile.';

/** What the refresh policy says where there is no way to a token. */
export type FailingAction = Exclude<PolicyAction, 'use' | 'leave' | 'send_expired'>;

/** Why a request is not sent, or a button does nothing, where the refresh policy knows no way to a token. */
export function policyFailure(
  action: FailingAction,
  { profile, key, automation }: TokenSubject,
  what: { stale: boolean; refusal: AppError | null },
): AppError {
  const details = { profile: key.profile };
  const name = `“${profile.name}”`;
  switch (action) {
    case 'fail_consent_required': {
      const after =
        what.refusal === null ? '' : ` Its refresh token was refused (${refusalWords(what.refusal)}).`;
      return new AppError(
        'consent_required',
        `${name} needs consent, and nobody is here to give it.${after}`,
        {
          action:
            'Add an automation script to the profile, which then works the consent screens; or press Get Access Token where a person can log in.',
          server: what.refusal?.server,
          details,
          cause: what.refusal ?? undefined,
        },
      );
    }
    case 'fail_project_not_trusted':
      return projectNotTrusted(profile, automationFile(profile.id, automation));
    case 'fail_refresh_token_missing':
      return new AppError('refresh_token_missing', `${name} has no refresh token that could be used.`, {
        action: 'Press Get Access Token.',
        details,
      });
    case 'fail_refresh_token_spent':
      return new AppError(
        'refresh_token_spent',
        `The refresh token of ${name} was used already, and what came of it can be used no more${what.refusal === null ? '' : `: ${refusalWords(what.refusal)}`}.`,
        { action: pasteAnother, server: what.refusal?.server, details, cause: what.refusal ?? undefined },
      );
    default: {
      const why = what.stale
        ? 'its settings have changed since its token was obtained'
        : 'it has no access token';
      return new AppError('token_missing', `${name} cannot be used for a request: ${why}.`, {
        action: 'Press Get Access Token, or set Refresh Access Token to Automatic.',
        details,
      });
    }
  }
}

/** A test run waits for nobody: its script would begin at a moment when nobody watches any more. */
export function testRunBusy({ profile }: TokenSubject): AppError {
  const message = `The token of “${profile.name}” is being updated just now, so the script was not run.`;
  return new AppError('test_run_busy', message, {
    action: 'Wait until that has ended, or cancel it, and run the script again.',
  });
}

/** Why a profile's script does not run in a project that the person has not trusted; `file` is the script's. */
export function projectNotTrusted(
  { id, name }: Pick<ResolvedProfile, 'id' | 'name'>,
  file: string,
): AppError {
  return new AppError(
    'project_not_trusted',
    `${file}, the automation script of “${name}”, does not run: this project is not trusted.`,
    {
      action:
        'Read the script, then trust the project in the app, or with --trust-scripts on the command line (in CI GRANTWRIGHT_TRUST_SCRIPTS=yes); or log in by hand with Get Access Token in the app.',
      details: { profile: id, file },
    },
  );
}

/** The Refresh button's failure when the server refuses, in the server's own words. */
export function refreshRefused({ profile, key }: TokenSubject, refusal: AppError): AppError {
  return new AppError(
    'refresh_refused',
    `The server refused to refresh the token of “${profile.name}”: ${refusalWords(refusal)}.`,
    {
      action: profile.grant.kind === 'refresh_token' ? pasteAnother : 'Press Get Access Token.',
      server: refusal.server,
      details: { ...refusal.details, profile: key.profile },
      cause: refusal,
    },
  );
}
