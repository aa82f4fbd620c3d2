import type { OAuthContext } from './context.ts';
import { isDocumentUrl, metadataOf } from './discovery.ts';
import { endpointUrl, incomplete } from './endpoint-url.ts';
import type { Endpoints } from './endpoints.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

const namesIt = 'Fill in the Issuer: it is the audience of what this client signs.';

/**
 * The issuer as the audience of a JWT that the client signs (RFC 7523 section 3, RFC 9101 section 4): as the server
 * writes it where that is known, else as typed. Throws `profile_incomplete`, and what discovery throws.
 */
export async function issuerAudience(
  profile: ResolvedProfile,
  { issuer }: Pick<Endpoints, 'issuer'>,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<string> {
  if (issuer !== null) return issuer;
  const typed = profile.server.issuer.trim();
  if (!isDocumentUrl(typed)) throw incomplete(profile, 'server.issuer', namesIt);
  return (await metadataOf(typed, context, signal, profile.hidden)).issuer;
}

/**
 * The audience of the profile's client assertions (RFC 7523 section 3), the same at every endpoint; null for a client
 * that signs none. A server without a Token URL gets the address that is asked. Throws as `issuerAudience` does.
 */
export async function assertionAudience(
  profile: ResolvedProfile,
  server: Endpoints,
  asked: string,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<string | null> {
  if (!('audience' in profile.client)) return null;
  if (profile.client.audience === 'issuer') return issuerAudience(profile, server, context, signal);
  const typed = profile.server.tokenUrl.trim();
  const issuer = profile.server.issuer.trim();
  if (typed !== '') return endpointUrl(profile, 'server.tokenUrl', typed).href;
  if (server.tokenUrl !== '') return server.tokenUrl;
  if (issuer === '') return asked;
  return (await metadataOf(issuer, context, signal, profile.hidden)).tokenUrl || asked;
}
