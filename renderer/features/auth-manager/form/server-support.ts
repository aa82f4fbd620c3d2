import type { ClientAuthenticationKind } from '../../../../shared/model/client.ts';
import type { GrantKind } from '../../../../shared/model/grant.ts';
import type { ServerSupport } from '../../../../shared/model/server-support.ts';
import { holdsVariable } from './checks.ts';

/** What a discovery document lists of something; null or undefined: it does not say, or nobody has asked yet. */
type Listed = readonly string[] | null | undefined;

/** Stands at a choice that the server's discovery document leaves out. */
export const notListedNote = 'not listed by the server';

/** A list of words in any order, as response types are (OAuth 2.0 Multiple Response Types section 1). */
function sorted(words: string): string {
  return words.split(' ').sort().join(' ');
}

/** Whether the server lists others and not these names of one choice. */
export function isNotListed(listed: Listed, ...names: readonly string[]): boolean {
  if (listed == null || listed.length === 0) return false;
  const known = new Set(listed.map(sorted));
  return !names.some((name) => known.has(sorted(name)));
}

/** Options, each that the server does not list marked; none is taken away, for documents list too little. */
export function marked<Option extends { value: string; note?: string | undefined }>(
  options: readonly Option[],
  listed: Listed,
  namesOf: (value: Option['value']) => readonly string[] = (value) => [value],
): Option[] {
  return options.map((option) => {
    const names = namesOf(option.value);
    return names.length > 0 && isNotListed(listed, ...names) ? { ...option, note: notListedNote } : option;
  });
}

const grantTypes: Readonly<Record<GrantKind, string>> = {
  authorization_code: 'authorization_code',
  implicit: 'implicit',
  password: 'password',
  client_credentials: 'client_credentials',
  refresh_token: 'refresh_token',
  device_code: 'urn:ietf:params:oauth:grant-type:device_code',
  jwt_bearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  token_exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  ciba: 'urn:openid:params:grant-type:ciba',
};

/** The `grant_type` of a grant (RFC 7591 section 2). */
export function grantTypeNames(kind: GrantKind): readonly string[] {
  return [grantTypes[kind]];
}

/** The `token_endpoint_auth_method` values that a client authentication is listed as (RFC 8705 section 2). */
export function clientAuthenticationNames(kind: ClientAuthenticationKind): readonly string[] {
  return kind === 'tls_client_auth' ? [kind, 'self_signed_tls_client_auth'] : [kind];
}

/** The first of what a server lists, in a sentence: some list hundreds. */
export function listedWords(listed: readonly string[]): string {
  const shown = listed.slice(0, 12).join(' ');
  return `The server lists: ${shown}${listed.length > 12 ? ` and ${listed.length - 12} more` : ''}.`;
}

/** A word on a scope: which of its values the server does not list, else which it lists. */
export function scopeHint(scope: string, support: ServerSupport | undefined): string {
  const listed = support?.scopes ?? [];
  if (listed.length === 0) return 'What the token may do; empty sends none.';
  const unknown = scope
    .split(/\s+/)
    .filter((value) => value !== '' && !value.includes('{{') && !listed.includes(value));
  if (unknown.length > 0)
    return `${notListedNote[0]?.toUpperCase()}${notListedNote.slice(1)}: ${unknown.join(' ')}.`;
  return listedWords(listed);
}

/** What a discovery of an issuer has told, in a few sentences. */
export function supportWords(
  issuer: string,
  { grantTypes: grants, clientAuthentication, pushedRequestRequired }: ServerSupport,
): string {
  const addresses = holdsVariable(issuer)
    ? 'Addresses left empty come from the issuer, in each environment.'
    : 'Filled in from the server.';
  const told = [
    ...(grants === null ? [] : [`${grants.length} ${grants.length === 1 ? 'grant' : 'grants'}`]),
    ...(clientAuthentication === null
      ? []
      : [
          `${clientAuthentication.length} ${clientAuthentication.length === 1 ? 'way' : 'ways'} to authenticate clients`,
        ]),
  ];
  const lists =
    told.length === 0 ? 'It lists no grants.' : `It lists ${told.join(' and ')}; other choices are marked.`;
  return `${addresses} ${lists}${pushedRequestRequired ? ' It takes pushed requests only.' : ''}`;
}
