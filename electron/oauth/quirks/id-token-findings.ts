import { decodeJwt } from 'jose';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Secret } from '../../../shared/secret.ts';
import { mended, type Quirk } from './quirk.ts';

/** A checked id token, and what it was asked for by. */
interface CheckedIdToken {
  iss: unknown;
  nonce: unknown;
  /** As the profile or the discovery document has it; null: it is not known. */
  issuer: string | null;
  byRefresh: boolean;
}

function differBySlash(iss: unknown, issuer: string | null): boolean {
  if (typeof iss !== 'string' || issuer === null || iss === issuer) return false;
  return iss.replace(/\/$/, '') === issuer.replace(/\/$/, '');
}

export const idTokenQuirks: readonly Quirk<CheckedIdToken>[] = [
  {
    code: 'id_token_issuer_unchecked',
    severity: 'note',
    source: 'OpenID Connect Core 1.0 section 3.1.3.7',
    text: () => 'The profile names no Issuer, so nothing tells whether the id token is of the right one.',
    mend: (token) => (token.issuer === null ? { subject: token } : null),
  },
  {
    code: 'id_token_issuer_slash',
    severity: 'low',
    source: 'OpenID Connect Core 1.0 section 3.1.3.7',
    text: () =>
      'The issuer of the id token and that of the server differ by a slash at the end; they must be the same.',
    mend: (token) => (differBySlash(token.iss, token.issuer) ? { subject: token } : null),
  },
  {
    code: 'id_token_nonce_at_refresh',
    severity: 'note',
    source: 'OpenID Connect Core 1.0 section 12.2',
    text: () => 'The id token of a refresh has a nonce; it should have none.',
    mend: (token) => (token.byRefresh && token.nonce !== undefined ? { subject: token } : null),
  },
];

/** What is told of an id token that was checked and taken; nothing of the token stands in it. */
export function idTokenFindings(idToken: Secret, issuer: string | null, byRefresh: boolean): Finding[] {
  const { iss, nonce } = decodeJwt(idToken.reveal());
  return mended(
    idTokenQuirks,
    { iss, nonce, issuer, byRefresh },
    { secrets: [], receivedAtMs: 0, aheadMs: 0 },
  ).findings;
}
