import { AppError } from '../../shared/errors.ts';
import type { GrantKind } from '../../shared/model/grant.ts';
import { automationFile } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { ConsentService } from '../consent/consent-service.ts';
import type { KeptSession } from '../consent/kept-session.ts';
import type { ScriptVars } from '../consent/redact.ts';
import { type PendingAuthorization, startAuthorization } from '../oauth/authorization.ts';
import type { OAuthContext } from '../oauth/context.ts';
import { endSession, isLogoutReturn } from '../oauth/end-session.ts';
import { type GrantRoute, grants, refreshTokens } from '../oauth/grants/index.ts';
import { inspectTokens } from '../oauth/inspection.ts';
import { introspectToken } from '../oauth/introspection.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import { sleep, withRetries } from '../oauth/retry.ts';
import { revokeToken } from '../oauth/revocation.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import { sessionEntryName, type TokenSubject } from '../tokens/token-subject.ts';
import type { ConsentOptions, TokenUpdates } from '../tokens/token-updates.ts';
import type { Vault } from '../tokens/vault.ts';
import { readAutomation } from './automation.ts';
import type { HostQuestions } from './host-questions.ts';
import type { TestRuns } from './test-runs.ts';

export interface TokenUpdateParts {
  consent: ConsentService;
  oauth: OAuthContext;
  vault: () => Vault;
  testRuns: Pick<TestRuns, 'take'>;
  /** Asks the person who is present; null: nobody is. */
  questions: Pick<HostQuestions, 'ask'> | null;
  /** Throws `project_not_trusted`. */
  assertTrusted: (
    folder: string,
    profile: Pick<ResolvedProfile, 'id' | 'name'>,
    file: string,
  ) => Promise<void>;
}

function retried(work: () => Promise<TokenAnswer>, signal: AbortSignal): Promise<TokenAnswer> {
  return withRetries(work, { sleep }, signal);
}

/** The project was read with the script in it, and on the disk it is no more. */
function scriptGone(file: string, { name }: ResolvedProfile): AppError {
  return new AppError('script_not_found', `${file}, the automation script of “${name}”, is gone.`, {
    action:
      'Put it back or write it anew in the Auth Manager; check that the folder of the project is there.',
    details: { file },
  });
}

/** All that a script finds in `vars`. What is plain in its surroundings may be shown: it is no value of anybody's. */
function varsOf(around: ScriptVars, own: ScriptVars): { vars: ScriptVars; plain: Record<string, string> } {
  const secrets = Object.entries(around).filter(([, value]) => value instanceof Secret);
  const plain = Object.entries(around).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { vars: { ...Object.fromEntries(secrets), ...own }, plain: Object.fromEntries(plain) };
}

function routeOf({ grant }: ResolvedProfile): GrantRoute | undefined {
  const all: Partial<Record<GrantKind, GrantRoute>> = grants;
  return all[grant.kind];
}

/** The ways to a new token, joined from protocol and consent for the token service. */
export function createTokenUpdates(parts: TokenUpdateParts): TokenUpdates {
  const { consent, oauth, vault, testRuns, questions, assertTrusted } = parts;

  /** The vault's entry for the persona's session, if the profile keeps it. */
  function keptSession({ key, session }: TokenSubject): KeptSession | null {
    if (session === 'fresh') return null;
    const name = sessionEntryName(key);
    return {
      async read() {
        const text = await vault().read(name);
        return text === undefined ? null : new Secret(text);
      },
      write: (state) => vault().write(name, state.reveal()),
    };
  }

  async function byConsent(
    subject: TokenSubject,
    options: ConsentOptions,
    signal: AbortSignal,
  ): Promise<TokenAnswer> {
    const { profile, vars } = subject;
    const route = routeOf(profile);
    if (route?.kind !== 'consent' || !('redirectUri' in profile.grant))
      throw new AppError('internal', `${profile.name} has no consent screens.`);
    const saved = () => readAutomation(subject.key.project, profile.id, subject.automation);
    const trial = subject.testRun === undefined ? undefined : testRuns.take(subject.testRun);
    // Asked anew at this moment: trust may have been taken back since the policy was.
    const byScript = !options.attended || trial !== undefined;
    const file = automationFile(profile.id, trial?.script.kind ?? subject.automation);
    if (byScript) await assertTrusted(subject.key.project, profile, file);
    const script = trial?.script ?? (byScript ? await saved() : null);
    if (byScript && script === null) throw scriptGone(file, profile);
    const around = script === null ? {} : await subject.surroundings();
    let pending: PendingAuthorization | undefined;
    const outcome = await consent.run(
      {
        profileName: profile.name,
        redirectUri: profile.grant.redirectUri,
        script,
        scriptHosts: subject.scriptHosts,
        ...varsOf(around, vars),
        hidden: profile.hidden,
        session: keptSession(subject),
        ...subject.consent,
        attended: !byScript,
        ...(trial === undefined
          ? {}
          : { watcher: trial.watcher, shown: trial.visible, stepping: trial.stepping }),
        onOpenUrl: options.onOpenUrl,
        ...(questions === null
          ? {}
          : { onAskHost: (asked, over) => questions.ask(asked, { ...options, over }) }),
        onLog(line) {
          options.onLog(line);
          trial?.onLog(line);
        },
        ...(options.onHandOver === undefined || trial !== undefined
          ? {}
          : { onHandOver: options.onHandOver }),
        begin: async (redirectUri) => {
          pending = await startAuthorization(profile, redirectUri, oauth, signal);
          return pending.url;
        },
        stateOf: () => pending?.state,
      },
      signal,
    );
    if (pending === undefined) throw new Error('the consent ended before it began');
    const hidden = [...profile.hidden, ...outcome.hidden];
    return route.finish({ ...profile, hidden }, pending, outcome, oauth, signal);
  }

  return {
    refresh: (profile, refreshToken, { signal, onWire }) =>
      retried(() => onWire(() => refreshTokens(profile, refreshToken, oauth, signal)), signal),
    repeatGrant: async (profile, signal) => {
      const grant = routeOf(profile);
      if (grant?.kind !== 'silent')
        throw new AppError('internal', `${profile.name} cannot repeat its grant.`);
      return retried(() => grant.request(profile, oauth, signal), signal);
    },
    consent: byConsent,
    revoke: (profile, held) => revokeToken(profile, held, oauth),
    inspect: (profile, held, nowMs) => inspectTokens(profile, held, { context: oauth, nowMs }),
    introspect: (profile, held) => introspectToken(profile, held, oauth),
    async logout(subject, idToken, options, signal) {
      const logout = await endSession(subject.profile, idToken, oauth);
      const flow = {
        profileName: subject.profile.name,
        url: logout.url,
        isReturn: (url: string) => isLogoutReturn(url, logout),
        returnUri: logout.postLogoutRedirectUri,
        session: keptSession(subject),
        hidden: subject.profile.hidden,
        // A session that is kept here is not in the person's own browser.
        consentBrowser: subject.session === 'kept' ? ('automatic' as const) : subject.consent.consentBrowser,
        ...options,
      };
      return (await consent.logout(flow, signal)).end;
    },
  };
}
