import { isObject, type Members } from '../json-body.ts';
import { member, type Quirk, shownWord, textOf, withMember, without } from './quirk.ts';

type MemberQuirk = Quirk<Members>;

const tokens = ['access_token', 'refresh_token', 'id_token'] as const;

/** What some write for Bearer, that is no scheme: Apigee, and Slack's kinds of token. */
const bearerWords = new Set(['bearertoken', 'bearer_token', 'bearer-token', 'bearer token', 'bot', 'user']);
/** The OAuth Access Token Types registry (RFC 6749 section 11.1). */
const registeredTypes = new Map([
  ['bearer', 'Bearer'],
  ['dpop', 'DPoP'],
  ['n_a', 'N_A'],
  ['pop', 'PoP'],
  ['mac', 'mac'],
]);
const token68 = /^[A-Za-z0-9._~+/-]+=*$/;

function trimmedTokens(members: Members): { subject: Members; about: string } | null {
  const padded = tokens.filter((name) => {
    const value = member(members, name);
    return typeof value === 'string' && value !== '' && value.trim() !== value;
  });
  if (padded.length === 0) return null;
  const subject = padded.reduce((all, name) => withMember(all, name, textOf(all, name).trim()), members);
  return { subject, about: padded.join(', ') };
}

/** The type as this product goes on with it; null: it is fit as it is. */
function usualType(type: string): string | null {
  const word = type.trim();
  const usual = registeredTypes.get(word.toLowerCase());
  if (usual === undefined) return word === type ? null : word;
  const fit = word === usual || word === word.toLowerCase();
  return fit && word === type ? null : fit ? word : usual;
}

function scopeFrom(list: readonly unknown[]): string {
  return list.filter((value) => typeof value === 'string').join(' ');
}

/** What the members of a token response hold, but for its times. */
export const valueQuirks: readonly MemberQuirk[] = [
  {
    code: 'token_empty',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: (about) => `${about} is there and empty; it should be left out when there is none.`,
    mend: (members) => {
      const empty = (['refresh_token', 'id_token'] as const).filter((name) => {
        const value = member(members, name);
        return value === null || (typeof value === 'string' && value.trim() === '');
      });
      return empty.length === 0 ? null : { subject: without(members, ...empty), about: empty.join(', ') };
    },
  },
  {
    code: 'token_padded',
    severity: 'medium',
    source: 'RFC 6749 appendix A.12',
    text: (about) => `Blanks or a line break stand around ${about}; they were taken away.`,
    mend: trimmedTokens,
  },
  {
    code: 'token_with_scheme',
    severity: 'medium',
    source: 'RFC 6749 section 5.1',
    text: () =>
      'access_token begins with the word Bearer, which belongs to the request header; it was taken away.',
    mend: (members) => {
      const found = /^bearer\s+(\S+)$/i.exec(textOf(members, 'access_token'))?.[1];
      return found === undefined ? null : { subject: withMember(members, 'access_token', found) };
    },
  },
  {
    code: 'member_null',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `${about} is null; it should be left out.`,
    mend: (members) => {
      const empty = (['expires_in', 'scope'] as const).filter((name) => member(members, name) === null);
      return empty.length === 0 ? null : { subject: without(members, ...empty), about: empty.join(', ') };
    },
  },
  {
    code: 'token_type_missing',
    severity: 'medium',
    source: 'RFC 6749 section 5.1',
    text: () => 'token_type is missing, though it is required; the token is sent as a Bearer token.',
    mend: (members) => {
      const type = member(members, 'token_type') ?? '';
      const missing = typeof type === 'string' && type.trim() === '';
      return missing ? { subject: withMember(members, 'token_type', 'Bearer') } : null;
    },
  },
  {
    code: 'token_type_foreign',
    severity: 'low',
    source: 'RFC 6749 section 7.1',
    text: (about) =>
      `token_type is ${about}, which is no type of token; the token is sent as a Bearer token.`,
    mend: (members) => {
      const type = textOf(members, 'token_type').trim().toLowerCase();
      const about = type;
      return bearerWords.has(type) ? { subject: withMember(members, 'token_type', 'Bearer'), about } : null;
    },
  },
  {
    code: 'token_type_spelling',
    severity: 'note',
    source: 'RFC 6750 section 2.1',
    text: (about) => `token_type is written in an unusual way; the token is sent as ${about}.`,
    mend: (members, context) => {
      const type = member(members, 'token_type');
      const usual = typeof type === 'string' ? usualType(type) : null;
      if (usual === null) return null;
      return { subject: withMember(members, 'token_type', usual), about: shownWord(usual, context) };
    },
  },
  {
    code: 'token_type_unregistered',
    severity: 'low',
    source: 'RFC 6749 section 11.1',
    text: (about) =>
      `token_type is ${about}, which is not registered; the token is sent with it as its scheme.`,
    mend: (members, context) => {
      const type = member(members, 'token_type');
      if (typeof type !== 'string' || registeredTypes.has(type.toLowerCase())) return null;
      return { subject: members, about: shownWord(type, context) };
    },
  },
  {
    code: 'access_token_characters',
    severity: 'low',
    source: 'RFC 6750 section 2.1',
    text: () =>
      'access_token has characters that a Bearer token may not have; APIs may fail to read its header.',
    mend: (members) => {
      const bearer = textOf(members, 'token_type').toLowerCase() === 'bearer';
      return bearer && !token68.test(textOf(members, 'access_token')) ? { subject: members } : null;
    },
  },
  {
    code: 'scope_list',
    severity: 'low',
    source: 'RFC 6749 section 3.3',
    text: () => 'scope is a list; it should be one text with blanks between.',
    mend: (members) => {
      const scope = member(members, 'scope');
      return Array.isArray(scope) ? { subject: withMember(members, 'scope', scopeFrom(scope)) } : null;
    },
  },
  {
    code: 'scope_unreadable',
    severity: 'low',
    source: 'RFC 6749 section 3.3',
    text: () => 'scope is no text; it was ignored, and what was asked for counts as granted.',
    mend: (members) => {
      const scope = member(members, 'scope');
      const readable = scope === undefined || typeof scope === 'string';
      return readable ? null : { subject: without(members, 'scope') };
    },
  },
  {
    code: 'scope_commas',
    severity: 'low',
    source: 'RFC 6749 section 3.3',
    text: () => 'scope has commas between its values; there should be blanks.',
    mend: (members) => {
      const scope = member(members, 'scope');
      if (typeof scope !== 'string' || !/^[^\s,]+(?:,\s*[^\s,]+)+$/.test(scope.trim())) return null;
      return { subject: withMember(members, 'scope', scope.trim().split(/,\s*/).join(' ')) };
    },
  },
  {
    code: 'scope_empty',
    severity: 'note',
    source: 'RFC 6749 appendix A.4',
    text: () => 'scope is empty; it should be left out.',
    mend: (members) => {
      const scope = member(members, 'scope');
      const empty = typeof scope === 'string' && scope.trim() === '';
      return empty ? { subject: without(members, 'scope') } : null;
    },
  },
  {
    code: 'error_beside_token',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: () => 'An error stands beside the token; the token was used.',
    mend: (members) => {
      const error = member(members, 'error');
      const told = (typeof error === 'string' && error !== '') || isObject(error);
      return told ? { subject: without(members, 'error') } : null;
    },
  },
];
