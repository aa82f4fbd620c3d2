import { generateRandomState } from 'oauth4webapi';
import { Secret } from '../../shared/secret.ts';
import { clientId } from './client-id.ts';
import type { OAuthContext } from './context.ts';
import { checkRedirectUri } from './endpoint-url.ts';
import { endpoints } from './endpoints.ts';
import { beyondOwnQuery, isRedirect, sameSecret } from './redirect-match.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** How the browser that was sent to log out comes back, if it does. */
export interface LogoutReturn {
  /** Null: it does not, the server's own page is the end. */
  postLogoutRedirectUri: string | null;
  state: Secret | null;
}

/** A logout that has begun. */
export interface PendingLogout extends LogoutReturn {
  /** Where the browser must go. It holds the id token: it may stand in no log and no message. */
  url: string;
}

/**
 * Begins logging out at the provider (OpenID Connect RP-Initiated Logout 1.0 section 2). Parameters that the URL already
 * has are kept. Throws `endpoint_missing`, `profile_incomplete`, `url_invalid` or `discovery_failed`.
 */
export async function endSession(
  profile: ResolvedProfile,
  idToken: Secret | null,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<PendingLogout> {
  const client = clientId(profile);
  const returnUri = profile.postLogoutRedirectUri.trim();
  if (returnUri !== '') checkRedirectUri(profile, 'postLogoutRedirectUri', returnUri);
  const { endSessionUrl } = await endpoints(profile, ['endSessionUrl'], context, signal);

  const url = new URL(endSessionUrl);
  if (idToken !== null) url.searchParams.set('id_token_hint', idToken.reveal());
  url.searchParams.set('client_id', client);
  if (returnUri === '') return { url: url.href, postLogoutRedirectUri: null, state: null };
  const state = new Secret(generateRandomState());
  url.searchParams.set('post_logout_redirect_uri', returnUri);
  url.searchParams.set('state', state.reveal());
  return { url: url.href, postLogoutRedirectUri: returnUri, state };
}

/**
 * Whether a URL is the way back from a logout: exactly the post-logout redirect URI (as `isRedirect` compares), and with
 * no other state than the one that was sent; a server may leave it out (section 3). Never throws.
 */
export function isLogoutReturn(url: string, { postLogoutRedirectUri, state }: LogoutReturn): boolean {
  if (postLogoutRedirectUri === null || !isRedirect(url, postLogoutRedirectUri)) return false;
  const sent = beyondOwnQuery(new URL(url), new URL(postLogoutRedirectUri)) ?? [];
  return sent
    .filter(([name, value]) => name === 'state' && value !== '')
    .every(([, value]) => state !== null && sameSecret(value, state));
}
