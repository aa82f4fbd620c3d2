import { decodeJwt } from 'jose';
import { type Advice, adviceOn, met } from '../../../shared/advisor/advice.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Secret } from '../../../shared/secret.ts';
import { differBySlash } from '../discovery-document.ts';

/** A checked id token, and what it was asked for by. */
interface CheckedIdToken {
  iss: unknown;
  nonce: unknown;
  /** As the profile or the discovery document has it; null: it is not known. */
  issuer: string | null;
  byRefresh: boolean;
}

/** What is told of an id token that was taken. */
export const idTokenAdvice: readonly Advice<CheckedIdToken>[] = [
  {
    code: 'id_token_issuer_unchecked',
    severity: 'note',
    source: 'OpenID Connect Core 1.0 section 3.1.3.7',
    text: () => 'The profile names no Issuer, so nothing tells whether the id token is of the right one.',
    find: ({ issuer }) => met(issuer === null),
  },
  {
    code: 'id_token_issuer_slash',
    severity: 'low',
    source: 'OpenID Connect Core 1.0 section 3.1.3.7',
    text: () =>
      'The issuer of the id token and that of the server differ by a slash at the end; they must be the same.',
    find: ({ iss, issuer }) => met(typeof iss === 'string' && issuer !== null && differBySlash(iss, issuer)),
  },
  {
    code: 'id_token_nonce_at_refresh',
    severity: 'note',
    source: 'OpenID Connect Core 1.0 section 12.2',
    text: () => 'The id token of a refresh has a nonce; it should have none.',
    find: ({ byRefresh, nonce }) => met(byRefresh && nonce !== undefined),
  },
];

/** What is told of an id token that was checked and taken; nothing of the token stands in it. */
export function idTokenFindings(idToken: Secret, issuer: string | null, byRefresh: boolean): Finding[] {
  const { iss, nonce } = decodeJwt(idToken.reveal());
  return adviceOn(idTokenAdvice, { iss, nonce, issuer, byRefresh });
}
