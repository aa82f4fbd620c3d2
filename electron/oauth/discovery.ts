import { AppError } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import type { OAuthContext, ServerMetadata } from './context.ts';
import { tryDocument } from './discovery-document.ts';
import { endpointProblem } from './endpoint-url.ts';
import { redact } from './server-text.ts';

const wellKnown = '/.well-known/';

/** Whether the person gave the document's own address in place of the issuer. */
export function isDocumentUrl(issuer: string): boolean {
  return issuer.includes(wellKnown);
}

/**
 * Where the document of an issuer may lie: OpenID Connect Discovery section 4 appends to the path, RFC 8414 section 3
 * inserts before it, and servers mix the two or want a slash at the end.
 */
function candidates(issuer: URL): string[] {
  if (isDocumentUrl(issuer.href)) return [issuer.href];
  const path = issuer.pathname.replace(/\/+$/, '');
  const paths = [
    `${path}${wellKnown}openid-configuration`,
    `${wellKnown}oauth-authorization-server${path}`,
    `${wellKnown}openid-configuration${path}`,
    `${path}${wellKnown}oauth-authorization-server`,
    `${path}${wellKnown}openid-configuration/`,
  ];
  return [...new Set(paths)].map((pathname) => Object.assign(new URL(issuer), { pathname }).href);
}

function discoveryFailed(
  issuer: URL,
  tried: { url: string; problem: string }[],
  reason: string | null,
): AppError {
  const list = tried.map(({ url, problem }) => `${url} (${problem})`).join(', ');
  return new AppError(
    'discovery_failed',
    `No discovery document of ${issuer.host} could be read. Tried: ${list}.`,
    {
      action:
        'Correct the Issuer (the address of the discovery document itself will do), or fill in the Authorization URL and Token URL by hand.',
      details: { host: issuer.host, tried: tried.length, ...(reason === null ? {} : { reason }) },
    },
  );
}

/**
 * Reads an issuer's discovery document, and keeps it in the context. Throws like `discover`; none of `hidden` stands in
 * what it throws.
 */
export async function discoverMetadata(
  issuerText: string,
  context: OAuthContext,
  signal?: AbortSignal,
  hidden: readonly Secret[] = [],
): Promise<ServerMetadata> {
  const typed = issuerText.trim();
  const problem = endpointProblem(typed);
  if (problem !== null) {
    throw new AppError('url_invalid', `The Issuer ${problem}.`, {
      action: 'Correct the Issuer in the profile.',
      details: { field: 'server.issuer' },
    });
  }
  const issuer = new URL(typed);
  const tried: { url: string; problem: string }[] = [];
  let reason: string | null = null;
  for (const url of candidates(issuer)) {
    const result = await tryDocument(url, isDocumentUrl(typed) ? null : typed, context, signal);
    if (result.kind === 'found') {
      context.discovered.set(typed, result.metadata);
      return result.metadata;
    }
    tried.push({ url: redact(url.replace(/\?.*/s, ''), hidden), problem: redact(result.problem, hidden) });
    reason ??= result.reason;
    // A host that gives no HTTP answer will not give one at its other paths either.
    if (result.reason !== null && result.reason !== 'server_failed') break;
  }
  throw discoveryFailed(issuer, tried, reason);
}

/**
 * Finds an authorization server's endpoints, and what it can do, from its issuer, or from the address of its discovery document (OpenID
 * Connect Discovery section 4, RFC 8414 section 3). An endpoint that the document lacks is empty. Throws `url_invalid`,
 * or `discovery_failed` with all that was tried; `details.reason` is there when trying later may help.
 */
export async function discover(
  issuer: string,
  context: OAuthContext,
  signal?: AbortSignal,
  hidden: readonly Secret[] = [],
): Promise<Omit<ServerMetadata, 'announcesIssuer' | 'idTokenAlgorithms' | 'mtlsUrls'>> {
  const metadata = await discoverMetadata(issuer, context, signal, hidden);
  const { announcesIssuer: _announces, idTokenAlgorithms: _algorithms, mtlsUrls: _mtls, ...told } = metadata;
  return told;
}

/** The document read before, if there is one, else `discoverMetadata`. */
export async function metadataOf(
  issuer: string,
  context: OAuthContext,
  signal?: AbortSignal,
  hidden: readonly Secret[] = [],
): Promise<ServerMetadata> {
  return context.discovered.get(issuer.trim()) ?? (await discoverMetadata(issuer, context, signal, hidden));
}
