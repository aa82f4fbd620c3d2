import { AppError, assertNever } from '../../shared/errors.ts';
import { deviceVar } from '../../shared/script-api/script-types.ts';
import type { ConsentService } from '../consent/consent-service.ts';
import { type PendingAuthorization, startAuthorization } from '../oauth/authorization.ts';
import { endSession, isLogoutReturn } from '../oauth/end-session.ts';
import { type GrantRoute, grants, refreshTokens } from '../oauth/grants/index.ts';
import { inspectTokens } from '../oauth/inspection.ts';
import { introspectToken } from '../oauth/introspection.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import { sleep, withRetries } from '../oauth/retry.ts';
import { revokeToken } from '../oauth/revocation.ts';
import { redact } from '../oauth/server-text.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import type { TokenSubject } from '../tokens/token-subject.ts';
import type { ConsentOptions, TokenUpdates } from '../tokens/token-updates.ts';
import { type ConsentFlowParts, createConsentFlows } from './consent-flows.ts';

export interface TokenUpdateParts extends ConsentFlowParts {
  consent: ConsentService;
}

function retried<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return withRetries(work, { sleep }, signal);
}

/** The ways that need somebody, at screens or elsewhere. */
type AttendedRoute<Kind extends GrantRoute['kind']> = Extract<GrantRoute, { kind: Kind }>;

/** As the profile names them to the server; a hint that is a token tells a person nothing. */
function whoIsAsked({ grant, hidden }: ResolvedProfile): { who: string; bindingMessage: string } {
  if (grant.kind !== 'ciba') return { who: '', bindingMessage: '' };
  const { hint, hintValue, bindingMessage } = grant;
  const who = hint === 'login_hint' ? redact(hintValue, hidden) : 'the person of the token';
  return { who, bindingMessage: redact(bindingMessage, hidden) };
}

/** How long a script's last click may take to become a token, beside the server's interval, in milliseconds. */
const afterApprovalMs = 10_000;

/** The ways to a new token, joined from protocol and consent for the token service. */
export function createTokenUpdates(parts: TokenUpdateParts): TokenUpdates {
  const { consent, reach } = parts;
  const { flowFor, keptSession } = createConsentFlows(parts);

  async function byRedirect(
    route: AttendedRoute<'consent'>,
    subject: TokenSubject,
    options: ConsentOptions,
    signal: AbortSignal,
  ): Promise<TokenAnswer> {
    const { profile, context } = await reach(subject.profile);
    const { grant } = profile;
    if (!('redirectUri' in grant)) throw new AppError('internal', `${profile.name} has no redirect URI.`);
    let pending: PendingAuthorization | undefined;
    const outcome = await consent.run(
      {
        ...(await flowFor(subject, options)),
        redirectUri: grant.redirectUri,
        begin: async (redirectUri) => {
          pending = await startAuthorization(profile, redirectUri, context, signal);
          return pending.url;
        },
        stateOf: () => pending?.state,
      },
      signal,
    );
    if (pending === undefined) throw new Error('the consent ended before it began');
    const hidden = [...profile.hidden, ...outcome.hidden];
    return route.finish({ ...profile, hidden }, pending, outcome, context, signal);
  }

  /** The person enters the code wherever they like; a script does so in a consent browser. */
  async function byCode(
    { start, finish }: AttendedRoute<'device'>,
    subject: TokenSubject,
    options: ConsentOptions,
    signal: AbortSignal,
  ): Promise<TokenAnswer> {
    const { profile, context } = await reach(subject.profile);
    const flow = await flowFor(subject, options);
    const authorization = await retried(() => start(profile, context, signal), signal);
    const { userCode, verificationUri, verificationUriComplete, expiresAtMs, intervalMs } = authorization;
    options.onPrompt({ kind: 'device', userCode, verificationUri, verificationUriComplete, expiresAtMs });
    const ended = new AbortController();
    const token = finish(profile, authorization, context, AbortSignal.any([signal, ended.signal]));
    if (flow.attended) return token;
    // Whoever works the screens hears of its failure; when they have failed first, nobody asks.
    token.catch(() => undefined);
    try {
      await consent.run(
        {
          ...flow,
          redirectUri: '',
          plain: { ...flow.plain, [deviceVar]: userCode },
          elsewhere: { over: token, withinMs: 2 * intervalMs + afterApprovalMs },
          begin: async () => verificationUriComplete ?? verificationUri,
        },
        signal,
      );
      return await token;
    } finally {
      ended.abort();
    }
  }

  async function byQuestion(
    { start, finish }: AttendedRoute<'backchannel'>,
    subject: TokenSubject,
    { onPrompt }: ConsentOptions,
    signal: AbortSignal,
  ): Promise<TokenAnswer> {
    const { profile, context } = await reach(subject.profile);
    // Asked once: each request is a message on somebody's device.
    const request = await start(profile, context, signal);
    const { expiresAtMs } = request;
    onPrompt({ kind: 'backchannel', ...whoIsAsked(profile), expiresAtMs });
    return finish(profile, request, context, signal);
  }

  return {
    async refresh(asked, refreshToken, { signal, onWire }) {
      const { profile, context } = await reach(asked);
      return retried(() => onWire(() => refreshTokens(profile, refreshToken, context, signal)), signal);
    },
    async repeatGrant(asked, { signal, onWire }) {
      const { profile, context } = await reach(asked);
      const route: GrantRoute = grants[profile.grant.kind];
      if (route.kind !== 'silent') throw new AppError('internal', `${profile.name} cannot repeat its grant.`);
      const request = () => route.request(profile, context, signal);
      // Who gives up a request with a pasted refresh token may lose the only living one.
      return retried(() => (profile.grant.kind === 'refresh_token' ? onWire(request) : request()), signal);
    },
    consent(subject, options, signal) {
      const route: GrantRoute = grants[subject.profile.grant.kind];
      switch (route.kind) {
        case 'consent':
          return byRedirect(route, subject, options, signal);
        case 'device':
          return byCode(route, subject, options, signal);
        case 'backchannel':
          return byQuestion(route, subject, options, signal);
        case 'silent':
          throw new AppError('internal', `${subject.profile.name} asks nobody.`);
        default:
          return assertNever(route);
      }
    },
    async revoke(asked, held) {
      const { profile, context } = await reach(asked);
      return revokeToken(profile, held, context);
    },
    async inspect(asked, held, nowMs) {
      const { profile, context } = await reach(asked);
      return inspectTokens(profile, held, { context, nowMs });
    },
    async introspect(asked, held) {
      const { profile, context } = await reach(asked);
      return introspectToken(profile, held, context);
    },
    async logout(subject, idToken, options, signal) {
      const { profile, network, context } = await reach(subject.profile);
      const logout = await endSession(profile, idToken, context);
      const flow = {
        profileName: profile.name,
        url: logout.url,
        isReturn: (url: string) => isLogoutReturn(url, logout),
        returnUri: logout.postLogoutRedirectUri,
        session: keptSession(subject),
        hidden: profile.hidden,
        network,
        // A session that is kept here is not in the person's own browser.
        consentBrowser: subject.session === 'kept' ? ('automatic' as const) : subject.consent.consentBrowser,
        ...options,
      };
      return (await consent.logout(flow, signal)).end;
    },
  };
}
