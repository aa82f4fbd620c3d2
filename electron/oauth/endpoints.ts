import { AppError } from '../../shared/errors.ts';
import type { AuthorizationServer } from '../../shared/model/profile.ts';
import { hostOf } from '../network/wire-error.ts';
import type { OAuthContext, ServerMetadata } from './context.ts';
import { isDocumentUrl, metadataOf } from './discovery.ts';
import { endpointUrl, fieldLabels, incomplete } from './endpoint-url.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** An endpoint of an authorization server, by its field in a profile's `server`. */
export type EndpointName = Exclude<keyof AuthorizationServer, 'issuer'>;

const none: Readonly<Record<EndpointName, string>> = {
  authorizationUrl: '',
  tokenUrl: '',
  revocationUrl: '',
  introspectionUrl: '',
  endSessionUrl: '',
  deviceAuthorizationUrl: '',
  pushedAuthorizationUrl: '',
  backchannelAuthenticationUrl: '',
  jwksUrl: '',
};

/** Those of a server's endpoints that were asked for, the others empty, and what is known of its issuer. */
export interface Endpoints extends Omit<ServerMetadata, 'issuer' | 'supports'> {
  /** Null when the profile names no issuer and its URLs were given by hand: then `iss` cannot be checked. */
  issuer: string | null;
}

/** Endpoints that a good server may lack. */
const optional: ReadonlySet<EndpointName> = new Set([
  'revocationUrl',
  'introspectionUrl',
  'endSessionUrl',
  'deviceAuthorizationUrl',
  'pushedAuthorizationUrl',
  'backchannelAuthenticationUrl',
  'jwksUrl',
]);

function byHand(profile: ResolvedProfile, endpoint: EndpointName): string {
  const typed = profile.server[endpoint].trim();
  return typed === '' ? '' : endpointUrl(profile, `server.${endpoint}`, typed).href;
}

function endpointMissing(profile: ResolvedProfile, issuer: string, endpoint: EndpointName): AppError {
  const field = `server.${endpoint}` as const;
  const label = fieldLabels[field];
  const mayLack = optional.has(endpoint);
  if (issuer === '') {
    const action = `Fill in the ${label}, or the Issuer to find it by.`;
    return incomplete(profile, field, action, mayLack ? 'endpoint_missing' : 'profile_incomplete');
  }
  return new AppError(
    mayLack ? 'endpoint_missing' : 'discovery_failed',
    `The discovery document of ${hostOf(issuer)} names no ${label}.`,
    {
      action: `Fill in the ${label} in the profile by hand${mayLack ? ', if the server has one' : ''}.`,
      details: { profile: profile.id, field },
    },
  );
}

/**
 * The endpoints that are needed: a URL given by hand wins, an empty one is discovered from the issuer (once for the
 * context's life). Throws `url_invalid` naming the field, `discovery_failed`, or for an endpoint that is nowhere
 * `profile_incomplete`, `discovery_failed` or, where a server need not have it, `endpoint_missing`.
 */
export async function endpoints(
  profile: ResolvedProfile,
  needed: readonly EndpointName[],
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<Endpoints> {
  const urls = { ...none };
  for (const endpoint of needed) urls[endpoint] = byHand(profile, endpoint);
  const issuer = profile.server.issuer.trim();
  const missing = needed.filter((endpoint) => urls[endpoint] === '');
  const first = missing[0];
  if (first === undefined) {
    const told = context.discovered.get(issuer);
    // A URL that is not the document's has no alias there (RFC 8705 section 5).
    const own = told !== undefined && needed.every((endpoint) => urls[endpoint] === told[endpoint]);
    if (told !== undefined) return { ...told, ...urls, mtlsUrls: own ? told.mtlsUrls : {} };
    const known = issuer === '' || isDocumentUrl(issuer) ? null : issuer;
    return { ...urls, issuer: known, announcesIssuer: false, idTokenAlgorithms: null, mtlsUrls: {} };
  }
  if (issuer === '') throw endpointMissing(profile, issuer, first);
  const found = await metadataOf(issuer, context, signal, profile.hidden);
  for (const endpoint of missing) {
    if (found[endpoint] === '') throw endpointMissing(profile, issuer, endpoint);
    urls[endpoint] = found[endpoint];
  }
  return { ...found, ...urls };
}

/** How long is waited for a document that is not needed, in milliseconds. */
const documentWaitMs = 3_000;

/**
 * Reads the issuer's discovery document also where every URL was given by hand: it may promise `iss` in redirects (RFC
 * 9207 section 3), which then must be there. Without a document all goes on; it is tried once. Throws `cancelled` alone.
 */
export async function learnIssuer(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<void> {
  const issuer = profile.server.issuer.trim();
  if (issuer === '' || context.discovered.has(issuer) || context.undiscovered.has(issuer)) return;
  const limit = AbortSignal.timeout(documentWaitMs);
  try {
    await metadataOf(
      issuer,
      context,
      signal === undefined ? limit : AbortSignal.any([limit, signal]),
      profile.hidden,
    );
  } catch (thrown) {
    if (signal?.aborted === true) throw thrown;
    context.undiscovered.add(issuer);
  }
}
