import { isLoopbackHost } from '../loopback-host.ts';

/** What an address says of itself, though variables may stand in it. `unknown`: the variables decide. */
export type AddressKind = 'none' | 'https' | 'loopback' | 'http' | 'other_scheme' | 'unknown';

const variable = /\{\{[^{}]*\}\}/g;

/** A variable may name others, so deep. */
const deepest = 10;
const longest = 10_000;

/** Fills in the variables that are known; the others stay as they stand, as do those that go round or get too long. */
export function filled(template: string, variables: Readonly<Record<string, string>>): string {
  let text = template;
  for (let depth = 0; depth < deepest && text.length <= longest; depth += 1) {
    const next = text.replace(variable, (whole) => {
      const name = whole.slice(2, -2).trim();
      return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
    });
    if (next === text) return text;
    text = next;
  }
  return template;
}

/** The host of an authority, without user, port and brackets. */
function hostIn(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return (/^\[([^\]]*)\]/.exec(host)?.[1] ?? host.replace(/:[^:]*$/, '')).toLowerCase();
}

/** Reads an address, with its variables not filled in. */
export function addressKind(template: string): AddressKind {
  const text = template.trim();
  if (text === '') return 'none';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'unknown';
  if (scheme === 'https') return 'https';
  if (scheme !== 'http') return 'other_scheme';
  const authority = /^http:\/\/([^/?#\\]*)/i.exec(text)?.[1] ?? '';
  const host = hostIn(authority.replace(variable, '*'));
  if (isLoopbackHost(host)) return 'loopback';
  // A variable that is all of the host, or ends it, may be anything.
  return host === '' || host.endsWith('*') ? 'unknown' : 'http';
}

/** Whether a loopback address is given by name, which may be looked up (RFC 8252 section 8.3). */
export function isLoopbackName(template: string): boolean {
  return (
    addressKind(template) === 'loopback' &&
    /^http:\/\/(?:[^/?#]*\.)?localhost(?:[:/?#]|$)/i.test(template.trim())
  );
}
