import type { Advice } from '../../../shared/advisor/advice.ts';
import { isObject, type Members } from '../json-body.ts';
import { member, type Quirk, shownWord, withMember, without } from './quirk.ts';
import { registeredErrors } from './registered-errors.ts';

type MemberQuirk = Quirk<Members>;

/** Other names of `error`: of Okta, Apigee, WeChat, Amazon, Salesforce, and of OAuth 1. */
const codeNames = ['errorCode', 'error_code', 'ErrorCode', 'errcode', 'errorcode', 'oauth_problem', '__type'];
/** Other names of `error_description`. */
const descriptionNames = [
  ...[
    'errorDescription',
    'error_message',
    'errorMessage',
    'errorSummary',
    'error_msg',
    'errmsg',
    'faultstring',
  ],
  ...['message', 'msg', 'Message', 'detail', 'title', 'oauth_problem_advice', 'description', 'Error'],
];
const wrappers = ['fault', 'errors', 'data', 'response', 'result', 'detail'];

function word(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && value !== 0 ? String(value) : null;
}

function firstWord(members: Members, names: readonly string[]): { name: string; text: string } | null {
  for (const name of names) {
    const text = word(member(members, name));
    if (text !== null) return { name, text };
  }
  return null;
}

function saysError(members: Members): boolean {
  return word(member(members, 'error')) !== null || firstWord(members, codeNames) !== null;
}

/** The object in one of the wrappers that tells of an error. */
function wrapped(members: Members): { name: string; inner: Members } | null {
  for (const name of wrappers) {
    const value = member(members, name);
    const inner: unknown = Array.isArray(value) ? value[0] : value;
    if (!isObject(inner)) continue;
    if (saysError(inner) || firstWord(inner, descriptionNames) !== null) return { name, inner };
  }
  return null;
}

/** How errors are told, brought to `error` and `error_description` (RFC 6749 section 5.2). */
export const errorQuirks: readonly MemberQuirk[] = [
  {
    code: 'error_nested',
    severity: 'medium',
    source: 'RFC 6749 section 5.2',
    text: (about) => `The error stands inside ${about}; it should be a member of the answer itself.`,
    mend: (members) => {
      if (saysError(members) || isObject(member(members, 'error'))) return null;
      const found = wrapped(members);
      if (found === null) return null;
      // Apigee: a fault has the words, and the code in its detail.
      const deeper = saysError(found.inner) ? null : wrapped(found.inner);
      return {
        subject: { ...without(members, found.name), ...found.inner, ...deeper?.inner },
        about: found.name,
      };
    },
  },
  {
    code: 'error_object',
    severity: 'medium',
    source: 'RFC 6749 section 5.2',
    text: () => 'error is an object; it should be the code of the error as a text.',
    mend: (members) => {
      const error = member(members, 'error');
      if (!isObject(error)) return null;
      const { text: code } = firstWord(error, ['error', 'type', 'status', 'reason', ...codeNames]) ?? {};
      const own = member(error, 'code');
      const description = firstWord(error, ['error_description', ...descriptionNames])?.text;
      return {
        subject: {
          ...without(members, 'error'),
          ...(code === undefined && typeof own !== 'string' ? {} : { error: code ?? own }),
          ...(description === undefined ? {} : { error_description: description }),
        },
      };
    },
  },
  {
    code: 'error_renamed',
    severity: 'medium',
    source: 'RFC 6749 section 5.2',
    text: (about) => `error is called ${about} here.`,
    mend: (members) => {
      const found = word(member(members, 'error')) === null ? firstWord(members, codeNames) : null;
      if (found === null) return null;
      return { subject: withMember(without(members, found.name), 'error', found.text), about: found.name };
    },
  },
  {
    code: 'error_number',
    severity: 'medium',
    source: 'RFC 6749 section 5.2',
    text: () => 'error is a number; it should be the code of the error as a text.',
    mend: (members) => {
      const error = member(members, 'error');
      const text = typeof error === 'number' ? word(error) : null;
      return text === null ? null : { subject: withMember(members, 'error', text) };
    },
  },
  {
    code: 'error_description_renamed',
    severity: 'low',
    source: 'RFC 6749 section 5.2',
    text: (about) => `error_description is called ${about} here.`,
    mend: (members) => {
      const told = word(member(members, 'error_description')) !== null;
      const found = told ? null : firstWord(members, descriptionNames);
      if (found === null) return null;
      const subject = withMember(without(members, found.name), 'error_description', found.text);
      return { subject, about: found.name };
    },
  },
  {
    code: 'error_unregistered',
    severity: 'note',
    source: 'RFC 6749 section 5.2',
    text: (about) => `The error code ${about} is not registered.`,
    mend: (members, context) => {
      const error = member(members, 'error');
      if (typeof error !== 'string' || error === '' || registeredErrors.has(error)) return null;
      return { subject: members, about: shownWord(error, context) };
    },
  },
];

/** An error that comes with a status of success; put before what `errorQuirks` found. */
export const errorStatusAdvice: Advice<number> = {
  code: 'error_status_success',
  severity: 'medium',
  source: 'RFC 6749 section 5.2',
  text: (about) => `The error came with HTTP ${about}; it should be 400 or 401.`,
  find: (status) => (status >= 400 ? null : String(status)),
};
