import type { OAuthContext } from './context.ts';
import { endpointMissing, isDocumentUrl, metadataOf } from './discovery.ts';
import { endpointUrl, fieldLabels, incomplete } from './endpoint-url.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** The endpoints of a profile's authorization server and what is known of its issuer. */
export interface Endpoints {
  /** Null when the profile names no issuer and its URLs were given by hand: then `iss` cannot be checked. */
  issuer: string | null;
  /** Empty when the grant needs none. */
  authorizationUrl: string;
  tokenUrl: string;
  /** Whether every redirect must carry `iss` (RFC 9207). */
  announcesIssuer: boolean;
  /** Null when unknown. */
  idTokenAlgorithms: string[] | null;
}

type Endpoint = 'authorizationUrl' | 'tokenUrl';

function byHand(profile: ResolvedProfile, endpoint: Endpoint): string {
  const typed = profile.server[endpoint].trim();
  return typed === '' ? '' : endpointUrl(profile, `server.${endpoint}`, typed).href;
}

async function resolve(
  profile: ResolvedProfile,
  needed: readonly Endpoint[],
  context: OAuthContext,
  signal: AbortSignal | undefined,
): Promise<Endpoints> {
  const typed = { authorizationUrl: '', tokenUrl: '' };
  for (const endpoint of needed) typed[endpoint] = byHand(profile, endpoint);
  const issuer = profile.server.issuer.trim();
  const missing = needed.filter((endpoint) => typed[endpoint] === '');
  const first = missing[0];
  if (first === undefined) {
    const known = issuer === '' || isDocumentUrl(issuer) ? null : issuer;
    return { ...typed, issuer: known, announcesIssuer: false, idTokenAlgorithms: null };
  }
  if (issuer === '') {
    throw incomplete(
      profile,
      `server.${first}`,
      `Fill in the ${fieldLabels[`server.${first}`]}, or the Issuer to find it by.`,
    );
  }
  const found = await metadataOf(issuer, context, signal);
  const lacking = missing.find((endpoint) => found[endpoint] === '');
  if (lacking !== undefined) throw endpointMissing(issuer, fieldLabels[`server.${lacking}`]);
  return {
    ...found,
    authorizationUrl: typed.authorizationUrl || found.authorizationUrl,
    tokenUrl: typed.tokenUrl || found.tokenUrl,
  };
}

/**
 * The endpoints that a profile's grant needs: a URL given by hand wins, an empty one is discovered from the issuer
 * (once for the context's life). Throws `profile_incomplete` and `url_invalid` naming the field, or `discovery_failed`.
 */
export async function endpoints(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<Endpoints> {
  const needsScreens = profile.grant.kind === 'authorization_code';
  return resolve(profile, needsScreens ? ['authorizationUrl', 'tokenUrl'] : ['tokenUrl'], context, signal);
}

/** Like `endpoints`, for a token request: a refresh needs no authorization URL, whatever the grant was. */
export async function tokenEndpoint(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<Endpoints> {
  return resolve(profile, ['tokenUrl'], context, signal);
}
