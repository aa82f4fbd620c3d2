import type { AuthorizationServer } from '../../shared/model/profile.ts';
import type { ServerSupport } from '../../shared/model/server-support.ts';
import type { DpopNonces } from './dpop.ts';
import type { PostedEndpoint } from './endpoint-failure.ts';

/** What one HTTP exchange of the protocol needs; a subset of the standard `RequestInit`. */
export interface OAuthFetchOptions {
  method: string;
  headers: Record<string, string>;
  body?: URLSearchParams | string | undefined;
  signal?: AbortSignal | undefined;
}

/** Sends one request and gives the whole answer; follows no redirect. The real one is `createOAuthFetch`. */
export type OAuthFetch = (url: string, options: OAuthFetchOptions) => Promise<Response>;

/** What a discovery document says of an authorization server (RFC 8414 section 2); an endpoint it lacks is empty. */
export interface ServerMetadata extends AuthorizationServer {
  /** Where a client that shows a certificate must go instead (RFC 8705 section 5). */
  mtlsUrls: Partial<Record<PostedEndpoint, string>>;
  supports: ServerSupport;
  /** Whether every redirect must carry `iss` (RFC 9207 section 3). */
  announcesIssuer: boolean;
  /** Null when the document does not list them. */
  idTokenAlgorithms: string[] | null;
}

/** What every protocol function gets from outside. */
export interface OAuthContext {
  readonly fetch: OAuthFetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Discovery documents read so far, by issuer as typed; failures are never kept. */
  readonly discovered: Map<string, ServerMetadata>;
  /** Issuers, as typed, whose document could not be read when it was not needed. */
  readonly undiscovered: Set<string>;
  readonly dpopNonces: DpopNonces;
}

/** Makes a context that has seen no server yet; one for the life of a host is right. */
export function createOAuthContext(parts: { fetch: OAuthFetch; now: () => number }): OAuthContext {
  return { ...parts, discovered: new Map(), undiscovered: new Set(), dpopNonces: new Map() };
}
