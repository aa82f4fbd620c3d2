/** One challenge of a WWW-Authenticate header; names in lower case, an empty scheme where the server gave none. */
export interface Challenge {
  scheme: string;
  parameters: Map<string, string>;
}

/** What stands between commas that are not in quotes. */
const element = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const schemeAlone = /^\s*([\w!#$%&'*+.^`|~-]+)(?:\s+[\w.~+/-]+=*)?\s*$/;
const parameter =
  /^\s*(?:([\w!#$%&'*+.^`|~-]+)\s+)?([\w!#$%&'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s"]*)\s*$/;

/** Reads WWW-Authenticate values (RFC 9110 section 11.6.1); what cannot be read is left out, since servers write anything here. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  for (const text of values.flatMap((value) => value.match(element) ?? [])) {
    const given = parameter.exec(text);
    const scheme = given === null ? schemeAlone.exec(text)?.[1] : given[1];
    if (given === null && scheme === undefined) continue;
    if (scheme !== undefined || challenges.length === 0) {
      challenges.push({ scheme: scheme?.toLowerCase() ?? '', parameters: new Map() });
    }
    if (given?.[2] !== undefined) {
      challenges.at(-1)?.parameters.set(given[2].toLowerCase(), unquoted(given[3] ?? ''));
    }
  }
  return challenges;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

/**
 * Whether a 401's challenge says that the access token itself is dead (RFC 6750 section 3.1, RFC 9449 section 7.1). Some servers leave the
 * scheme out; that counts too.
 */
export function saysInvalidToken(wwwAuthenticate: readonly string[]): boolean {
  return parseChallenges(wwwAuthenticate).some(
    ({ scheme, parameters }) =>
      ['bearer', 'dpop', ''].includes(scheme) && parameters.get('error')?.toLowerCase() === 'invalid_token',
  );
}
