import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi';
import { AppError } from '../../shared/errors.ts';
import {
  type CodeResponseType,
  type ImplicitResponseType,
  isRedirectGrant,
  type RedirectGrantKind,
  type ResponseMode,
} from '../../shared/model/grant.ts';
import { Secret } from '../../shared/secret.ts';
import { carriedRequest } from './carried-request.ts';
import { clientId } from './client-id.ts';
import type { OAuthContext } from './context.ts';
import { dpopThumbprint, newDpopKey } from './dpop.ts';
import { checkRedirectUri, incomplete } from './endpoint-url.ts';
import { endpoints, learnIssuer } from './endpoints.ts';
import { authorizationParameters, overridden, type Parameters, withQuery } from './parameters.ts';
import type { ResolvedGrant, ResolvedProfile } from './resolved-profile.ts';

/** A consent that has begun: where to go, and what its redirect and code must answer to. Used for one redirect only. */
export interface PendingAuthorization {
  /**
   * The authorization URL with all parameters, or with what stands for them (RFC 9101, RFC 9126). It holds `state` and the
   * PKCE challenge, no secret of the client.
   */
  readonly url: string;
  /** As sent; the code is exchanged with the same (RFC 6749 section 4.1.3). */
  readonly redirectUri: string;
  /** What was asked for (RFC 6749 section 3.1.1): the redirect carries that, and nothing else of it is used. */
  readonly responseType: CodeResponseType | ImplicitResponseType;
  /** How the redirect was asked to carry it; `default`: as the response type has it. */
  readonly responseMode: ResponseMode;
  readonly state: Secret;
  /** PKCE (RFC 7636 section 4.1); null: none was sent. */
  readonly codeVerifier: Secret | null;
  /** As sent; null when none was: without `openid`, `id_token` and a `nonce` of the profile's own. */
  readonly nonce: Secret | null;
  /** What the code, and so its tokens, are bound to (RFC 9449 section 10); null: nothing. */
  readonly dpopKey: Secret | null;
  /** Null when unknown: then `iss` of the redirect cannot be checked. */
  readonly issuer: string | null;
  /** Whether the server promises `iss` in every redirect (RFC 9207 section 3): then it must be there. */
  readonly announcesIssuer: boolean;
}

type RedirectGrant = Extract<ResolvedGrant, { kind: RedirectGrantKind }>;

function redirectGrant({ grant, name }: ResolvedProfile): RedirectGrant {
  if (isRedirectGrant(grant)) return grant;
  throw new AppError('internal', `${name} has a grant without a redirect.`);
}

/** The scope values of a profile; blanks of any kind between them do. */
export function scopeValues(scope: string): string[] {
  return scope.split(/\s+/).filter((value) => value !== '');
}

/** The `scope` parameter of a token request (RFC 6749 section 3.3); none when the profile has no scope. */
export function scopeParameter(profile: ResolvedProfile): Record<string, string> {
  const scope = scopeValues(profile.scope).join(' ');
  return scope === '' ? {} : { scope };
}

/** PKCE (RFC 7636 section 4): what the code will be exchanged with, and what of it the request carries. */
async function pkceOf(
  grant: RedirectGrant,
): Promise<{ codeVerifier: Secret | null; parameters: Parameters }> {
  const method = grant.kind === 'implicit' ? 'none' : grant.pkce;
  if (method === 'none') return { codeVerifier: null, parameters: [] };
  const verifier = generateRandomCodeVerifier();
  const challenge = method === 'plain' ? verifier : await calculatePKCECodeChallenge(verifier);
  return {
    codeVerifier: new Secret(verifier),
    parameters: [
      ['code_challenge', challenge],
      ['code_challenge_method', method],
    ],
  };
}

/** The one that the person typed, else a new one where an id token is to carry it (OpenID Connect Core section 3.2.2.1). */
function nonceOf(own: Parameters, scope: string, responseType: string): Secret | null {
  const typed = own.find(([name]) => name === 'nonce')?.[1];
  if (typed !== undefined) return typed === '' ? null : new Secret(typed);
  const wanted = scopeValues(scope).includes('openid') || responseType.split(' ').includes('id_token');
  return wanted ? new Secret(generateRandomNonce()) : null;
}

function withoutNames(address: string, parameters: Parameters): string {
  const url = new URL(address);
  for (const [name] of parameters) url.searchParams.delete(name);
  return url.href;
}

/**
 * Begins a grant with a redirect (RFC 6749 sections 4.1.1 and 4.2.1): finds the authorization URL and fills in its
 * parameters: `state` always, PKCE as the grant says, `nonce` where an id token is to carry it, then the profile's own, in
 * place of the app's and the URL's of the same names. Throws `profile_incomplete`, `url_invalid`, `discovery_failed`, and
 * what `requestObject` and `pushRequest` throw.
 */
export async function startAuthorization(
  profile: ResolvedProfile,
  redirectUri: string,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<PendingAuthorization> {
  const id = clientId(profile);
  const grant = redirectGrant(profile);
  const { responseType, responseMode } = grant;
  const redirect = redirectUri.trim();
  if (redirect === '') throw incomplete(profile, 'grant.redirectUri');
  checkRedirectUri(profile, 'grant.redirectUri', redirect);
  const needed = grant.kind === 'implicit' ? [] : (['tokenUrl'] as const);
  await learnIssuer(profile, context, signal);
  const server = await endpoints(profile, ['authorizationUrl', ...needed], context, signal);

  const own = authorizationParameters(profile);
  const scope = own.find(([name]) => name === 'scope')?.[1] ?? scopeValues(profile.scope).join(' ');
  const state = new Secret(generateRandomState());
  const { codeVerifier, parameters: pkce } = await pkceOf(grant);
  const nonce = nonceOf(own, scope, responseType);
  const { dpop } = profile.protection;
  // A token of the redirect itself cannot be bound (RFC 9449 section 10).
  const dpopKey = dpop.kind === 'off' || grant.kind === 'implicit' ? null : await newDpopKey(dpop.algorithm);
  const defaults: Parameters = [
    ['response_type', responseType],
    ['client_id', id],
    ['redirect_uri', redirect],
    ...(responseMode === 'default' ? [] : ([['response_mode', responseMode]] as const)),
    ...(scope === '' ? [] : ([['scope', scope]] as const)),
    ['state', state.reveal()],
    ...pkce,
    ...(nonce === null ? [] : ([['nonce', nonce.reveal()]] as const)),
    ...(dpopKey === null ? [] : ([['dpop_jkt', await dpopThumbprint(dpopKey)]] as const)),
  ];
  const parameters = overridden(defaults, own);
  const secrets = [state, codeVerifier ?? [], nonce ?? []].flat();
  const url = withQuery(
    // What is pushed or signed must not stand beside it as the address has it.
    withoutNames(server.authorizationUrl, parameters),
    await carriedRequest(profile, { id, server, parameters, secrets }, context, signal),
  );
  const sent = { redirectUri: redirect, responseType, responseMode, state, codeVerifier, nonce, dpopKey };
  return { url, ...sent, issuer: server.issuer, announcesIssuer: server.announcesIssuer };
}
