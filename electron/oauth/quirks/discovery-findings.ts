import type { Finding } from '../../../shared/model/finding.ts';
import type { ServerMetadata } from '../context.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import { mended, type Quirk, shownWord } from './quirk.ts';

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

/** What shows that a discovery document is wrong, or says too little; nothing is mended by it. */
export const discoveryQuirks: readonly Quirk<Discovered>[] = [
  {
    code: 'discovery_issuer_slash',
    severity: 'low',
    source: 'RFC 8414 section 3.3',
    text: () =>
      'The issuer of the discovery document and that of the profile differ by a slash at the end; they must be the same.',
    mend: (found) => {
      const typed = found.profile.server.issuer.trim();
      const differ = typed.replace(/\/$/, '') === found.metadata.issuer.replace(/\/$/, '');
      return differ && typed !== found.metadata.issuer ? { subject: found } : null;
    },
  },
  {
    code: 'discovery_grant_unlisted',
    severity: 'low',
    source: 'RFC 8414 section 2',
    text: (about) => `grant_types_supported does not list ${about}, though the server takes it.`,
    mend: (found, context) =>
      lacks(found.metadata.supports.grantTypes, found.grantType)
        ? { subject: found, about: shownWord(found.grantType, context) }
        : null,
  },
  {
    code: 'discovery_client_authentication_unlisted',
    severity: 'low',
    source: 'RFC 8414 section 2',
    text: (about) =>
      `token_endpoint_auth_methods_supported does not list ${about}, though the server takes it.`,
    mend: (found) => {
      const { kind } = found.profile.client;
      return lacks(found.metadata.supports.clientAuthentication, kind)
        ? { subject: found, about: kind }
        : null;
    },
  },
  {
    code: 'discovery_pkce_unannounced',
    severity: 'low',
    source: 'RFC 9700 section 2.1.1',
    text: () =>
      'The server does not say in code_challenge_methods_supported that it knows PKCE with S256, so nobody can tell whether it checks it.',
    mend: (found) => {
      const uses = found.grantType === 'authorization_code';
      const told = found.metadata.supports.pkce?.includes('S256') === true;
      return uses && !told ? { subject: found } : null;
    },
  },
  {
    code: 'discovery_issuer_in_redirect_unannounced',
    severity: 'note',
    source: 'RFC 9700 section 4.4.2.1',
    text: () =>
      'The server does not promise to name itself (iss) in its redirects, which tells servers apart.',
    mend: (found) =>
      found.grantType === 'authorization_code' && !found.metadata.announcesIssuer ? { subject: found } : null,
  },
  {
    code: 'discovery_response_types_missing',
    severity: 'note',
    source: 'RFC 8414 section 2',
    text: () => 'The discovery document does not list response_types_supported, though it is required.',
    mend: (found) => (found.metadata.supports.responseTypes === null ? { subject: found } : null),
  },
];

/** In what the discovery document of a server is wrong, as a token request that went well has shown. */
export function discoveryFindings(found: Discovered): Finding[] {
  return mended(discoveryQuirks, found, { secrets: [], receivedAtMs: 0, aheadMs: 0 }).findings;
}
