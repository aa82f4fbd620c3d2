import type { Members } from '../json-body.ts';
import { shownName } from '../members.ts';
import type { Quirk } from './quirk.ts';

/** A token response that is understood, and the parts of its HTTP answer that the RFC has a word on. */
export interface WholeAnswer {
  members: Members;
  /** HTTP status. */
  status: number;
  /** Null: there is none. */
  cacheControl: string | null;
}

/** Most names of members that are told. */
const mostNames = 8;

/** RFC 6749 section 5.1, OpenID Connect Core, RFC 8693, RFC 9396; what quirks of its times have taken up; what shows an error. */
const expected = new Set([
  ...['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope', 'state', 'id_token'],
  ...['issued_token_type', 'authorization_details', 'refresh_expires_in', 'refresh_token_expires_in'],
  ...['error', 'error_description', 'error_uri'],
]);

/** What is told of an answer beside how it is written: nothing of it is mended. */
export const answerQuirks: readonly Quirk<WholeAnswer>[] = [
  {
    code: 'status_other',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The tokens came with HTTP ${about}; it should be 200.`,
    mend: (answer) => (answer.status === 200 ? null : { subject: answer, about: String(answer.status) }),
  },
  {
    code: 'cache_control_missing',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: () => 'The answer does not forbid caches to keep it: Cache-Control: no-store is missing.',
    mend: (answer) => (/\bno-store\b/i.test(answer.cacheControl ?? '') ? null : { subject: answer }),
  },
  {
    code: 'members_unregistered',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The answer has members that no RFC names, which is allowed: ${about}.`,
    mend: (answer, { secrets }) => {
      const others = Object.keys(answer.members).filter((name) => !expected.has(name));
      if (others.length === 0) return null;
      const shown = others.slice(0, mostNames).map((name) => shownName(name, secrets));
      const rest = others.length - shown.length;
      return { subject: answer, about: [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ') };
    },
  },
];
