import type { RedactedAnswer } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import { isObject } from './json-body.ts';
import { isTokenName, maskedText, shownMembers } from './members.ts';

const longestValue = 200;

/** What a server says in words of the protocol; every other text may be, or hold, a secret. */
const shownAsText: ReadonlySet<string> = new Set([
  'token_type',
  'expires_in',
  'expires_on',
  'refresh_expires_in',
  'refresh_token_expires_in',
  'scope',
  'issued_token_type',
  'created_at',
  'issued_at',
  'not-before-policy',
  'error',
  'error_description',
  'error_uri',
]);

/** About how long a text is; exactly how long is nobody's business. */
function lengthClass(text: string): string {
  if (text === '') return '(empty)';
  const limit = [20, 200, 2000].find((length) => text.length <= length);
  return limit === undefined ? '(over 2000 characters)' : `(up to ${limit} characters)`;
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function shown(name: string, value: unknown, secrets: readonly Secret[]): string {
  const known = shownAsText.has(name);
  if (known && isListOfTexts(value)) return maskedText(value.join(' '), secrets, longestValue);
  if (Array.isArray(value)) return '[…]';
  if (typeof value === 'object' && value !== null) return '{…}';
  const text = String(value);
  const hidden = value !== null && (isTokenName(name) || (typeof value === 'string' && !known));
  return hidden ? lengthClass(text) : maskedText(text, secrets, longestValue);
}

/**
 * An answer of the token endpoint, fit to show. Words of the protocol, numbers and truth values stand there, without any
 * of the secrets; of every other text only how long it is, of objects and lists only that they are there. JSON that is no
 * object has no fields.
 */
export function redactedAnswer(status: number, json: unknown, secrets: readonly Secret[]): RedactedAnswer {
  const fields = isObject(json)
    ? shownMembers(json, secrets, (name, value) => shown(name, value, secrets))
    : [];
  return { status, fields };
}
