import type { CallResult } from '../../../shared/contract/calls.ts';

/** What a request of a profile carries. */
export type Credential = CallResult<'tokens.revealCredential'>;

function pair({ name, value }: Credential): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

/** As it stands in a request: a whole header line, or a field of a query or a form. */
export function credentialLine(credential: Credential): string {
  switch (credential.kind) {
    case 'header':
      return `${credential.name}: ${credential.value}`;
    case 'cookie':
      return `Cookie: ${credential.name}=${credential.value}`;
    case 'query':
    case 'form':
      return pair(credential);
  }
}

/** What was copied, in words. */
export function credentialWords({ kind, name }: Credential): string {
  const words = { header: 'header', cookie: 'cookie', query: 'query parameter', form: 'form field' };
  return `the ${words[kind]} ${name}`;
}

/** A text as one argument of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const address = 'https://api.example.com/';

/** A request that carries it, for a terminal. */
export function curlCommand(credential: Credential): string {
  switch (credential.kind) {
    case 'header':
    case 'cookie':
      return `curl -H ${quoted(credentialLine(credential))} ${quoted(address)}`;
    case 'query':
      return `curl ${quoted(`${address}?${pair(credential)}`)}`;
    case 'form':
      return `curl --data ${quoted(pair(credential))} ${quoted(address)}`;
  }
}
