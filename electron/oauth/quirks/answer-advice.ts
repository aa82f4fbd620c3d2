import { type Advice, met } from '../../../shared/advisor/advice.ts';
import type { Secret } from '../../../shared/secret.ts';
import type { Members } from '../json-body.ts';
import { shownName } from '../members.ts';

/** A token response that is understood, and the parts of its HTTP answer that the RFC has a word on. */
export interface WholeAnswer {
  members: Members;
  /** HTTP status. */
  status: number;
  /** Null: there is none. */
  cacheControl: string | null;
  /** None of them may stand in the text of a finding. */
  secrets: readonly Secret[];
}

/** Most names of members that are told. */
const mostNames = 8;

/** RFC 6749 section 5.1, OpenID Connect Core, RFC 8693, RFC 9396; what quirks of its times have taken up; what shows an error. */
const expected = new Set([
  ...['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope', 'state', 'id_token'],
  ...['issued_token_type', 'authorization_details', 'refresh_expires_in', 'refresh_token_expires_in'],
  ...['error', 'error_description', 'error_uri'],
]);

/** What is told of an answer beside how it is written. */
export const answerAdvice: readonly Advice<WholeAnswer>[] = [
  {
    code: 'status_other',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The tokens came with HTTP ${about}; it should be 200.`,
    find: ({ status }) => (status === 200 ? null : String(status)),
  },
  {
    code: 'cache_control_missing',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: () => 'The answer does not forbid caches to keep it: Cache-Control: no-store is missing.',
    find: ({ cacheControl }) => met(!/\bno-store\b/i.test(cacheControl ?? '')),
  },
  {
    code: 'members_unregistered',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The answer has members that no RFC names, which is allowed: ${about}.`,
    find: ({ members, secrets }) => {
      const others = Object.keys(members).filter((name) => !expected.has(name));
      if (others.length === 0) return null;
      const shown = others.slice(0, mostNames).map((name) => shownName(name, secrets));
      const rest = others.length - shown.length;
      return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
    },
  },
];
