import { type Advice, adviceOn, met } from '../../../shared/advisor/advice.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { ServerMetadata } from '../context.ts';
import { differBySlash } from '../discovery-document.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';

/** A token request that went well, and what the server had said of itself. */
interface Discovered {
  metadata: Pick<ServerMetadata, 'issuer' | 'supports' | 'announcesIssuer'>;
  profile: Pick<ResolvedProfile, 'grant' | 'client' | 'server'>;
  /** As it stood on the wire. */
  grantType: string;
}

/** Whether a list is there and does not name something. */
function lacks(list: readonly string[] | null, value: string): boolean {
  return list !== null && !list.includes(value);
}

/** What shows that a discovery document is wrong, or says too little. */
export const discoveryAdvice: readonly Advice<Discovered>[] = [
  {
    code: 'discovery_issuer_slash',
    severity: 'low',
    source: 'RFC 8414 section 3.3',
    text: () =>
      'The issuer of the discovery document and that of the profile differ by a slash at the end; they must be the same.',
    find: ({ profile, metadata }) => met(differBySlash(profile.server.issuer.trim(), metadata.issuer)),
  },
  {
    code: 'discovery_grant_unlisted',
    severity: 'low',
    source: 'RFC 8414 section 2',
    text: (about) => `grant_types_supported does not list ${about}, though the server takes it.`,
    find: ({ metadata, grantType }) => (lacks(metadata.supports.grantTypes, grantType) ? grantType : null),
  },
  {
    code: 'discovery_client_authentication_unlisted',
    severity: 'low',
    source: 'RFC 8414 section 2',
    text: (about) =>
      `token_endpoint_auth_methods_supported does not list ${about}, though the server takes it.`,
    find: ({ metadata, profile }) =>
      lacks(metadata.supports.clientAuthentication, profile.client.kind) ? profile.client.kind : null,
  },
  {
    code: 'discovery_pkce_unannounced',
    severity: 'low',
    source: 'RFC 9700 section 2.1.1',
    text: () =>
      'The server does not say in code_challenge_methods_supported that it knows PKCE with S256, so nobody can tell whether it checks it.',
    find: ({ metadata, grantType }) =>
      met(grantType === 'authorization_code' && metadata.supports.pkce?.includes('S256') !== true),
  },
  {
    code: 'discovery_issuer_in_redirect_unannounced',
    severity: 'note',
    source: 'RFC 9700 section 4.4.2.1',
    text: () =>
      'The server does not promise to name itself (iss) in its redirects, which tells servers apart.',
    find: ({ metadata, grantType }) => met(grantType === 'authorization_code' && !metadata.announcesIssuer),
  },
  {
    code: 'discovery_response_types_missing',
    severity: 'note',
    source: 'RFC 8414 section 2',
    text: () => 'The discovery document does not list response_types_supported, though it is required.',
    find: ({ metadata }) => met(metadata.supports.responseTypes === null),
  },
];

/** In what the discovery document of a server is wrong, as a token request that went well has shown. */
export function discoveryFindings(found: Discovered): Finding[] {
  return adviceOn(discoveryAdvice, found);
}
