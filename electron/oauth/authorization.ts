import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi';
import type { CodeResponseType, ImplicitResponseType, ResponseMode } from '../../shared/model/grant.ts';
import { Secret } from '../../shared/secret.ts';
import type { OAuthContext } from './context.ts';
import { checkRedirectUri, incomplete } from './endpoint-url.ts';
import { endpoints } from './endpoints.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** A consent that has begun: where to go, and what its redirect and code must answer to. Used for one redirect only. */
export interface PendingAuthorization {
  /** The authorization URL with all parameters. It holds `state` and the PKCE challenge, no secret of the client. */
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
  /** Null when unknown: then `iss` of the redirect cannot be checked. */
  readonly issuer: string | null;
  /** Whether the server promises `iss` in every redirect (RFC 9207 section 3): then it must be there. */
  readonly announcesIssuer: boolean;
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

/** The client id, without which nothing can be sent: `profile_incomplete` when it is empty. */
export function clientId(profile: ResolvedProfile): string {
  const id = profile.client.id.trim();
  if (id === '') throw incomplete(profile, 'client.id');
  return id;
}

/**
 * Begins the authorization code grant (RFC 6749 section 4.1.1): finds the authorization URL and fills in its
 * parameters, PKCE and `state` always, `nonce` with `openid`. Parameters that the URL already has are kept.
 * Throws `profile_incomplete`, `url_invalid` or `discovery_failed`.
 */
export async function startAuthorization(
  profile: ResolvedProfile,
  redirectUri: string,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<PendingAuthorization> {
  const client = clientId(profile);
  const redirect = redirectUri.trim();
  if (redirect === '') throw incomplete(profile, 'grant.redirectUri');
  checkRedirectUri(profile, 'grant.redirectUri', redirect);
  const server = await endpoints(profile, ['authorizationUrl', 'tokenUrl'], context, signal);
  const scope = scopeValues(profile.scope);
  const state = new Secret(generateRandomState());
  const codeVerifier = new Secret(generateRandomCodeVerifier());
  const nonce = scope.includes('openid') ? new Secret(generateRandomNonce()) : null;

  const url = new URL(server.authorizationUrl);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('client_id', client);
  url.searchParams.set('redirect_uri', redirect);
  if (scope.length > 0) url.searchParams.set('scope', scope.join(' '));
  url.searchParams.set('state', state.reveal());
  url.searchParams.set('code_challenge', await calculatePKCECodeChallenge(codeVerifier.reveal()));
  url.searchParams.set('code_challenge_method', 'S256');
  if (nonce !== null) url.searchParams.set('nonce', nonce.reveal());
  const { issuer, announcesIssuer } = server;
  const response = { responseType: 'code', responseMode: 'default' } as const;
  const sent = { redirectUri: redirect, ...response, state, codeVerifier, nonce };
  return { url: url.href, ...sent, issuer, announcesIssuer };
}
