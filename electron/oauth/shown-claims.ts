import type { Secret } from '../../shared/secret.ts';
import { isTokenName, maskedText, shownMembers, shownName } from './members.ts';

const longestValue = 300;
const masked = '[secret]';

/** A list or an object as compact JSON, masked before it is written, because writing disguises what must be found. */
function compactJson(value: object, secrets: readonly Secret[]): string {
  // More than can be shown is not worked on, so that a body of a million brackets comes to an end too.
  let left = longestValue;
  return JSON.stringify(value, (name, inner: unknown) => {
    left -= 1;
    if (left < 0) return null;
    if (isTokenName(name)) return masked;
    if (typeof inner === 'string') return maskedText(inner, secrets, longestValue);
    if (Array.isArray(inner)) return inner.slice(0, longestValue);
    if (typeof inner !== 'object' || inner === null) return inner;
    const members = Object.entries(inner).slice(0, longestValue);
    return Object.fromEntries(members.map(([key, member]) => [shownName(key, secrets), member]));
  });
}

function textOf(name: string, value: unknown, secrets: readonly Secret[]): string {
  if (isTokenName(name)) return masked;
  return typeof value === 'object' && value !== null ? compactJson(value, secrets) : String(value);
}

/** Claims as text, fit to show: at most 40, no token and no secret in them. */
export function shownClaims(claims: object, secrets: readonly Secret[]): { name: string; value: string }[] {
  const show = (name: string, value: unknown) =>
    maskedText(textOf(name, value, secrets), secrets, longestValue);
  return shownMembers(claims, secrets, show);
}
