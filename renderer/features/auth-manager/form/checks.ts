/** Checks of what is typed, each with the fix in its words; none stops anything, for the text may be unfinished. */

/** Whether a text holds a `{{variable}}`: then what it says is known only when it is used. */
export const holdsVariable = (text: string) => text.includes('{{');

/** What is wrong with an endpoint's URL (RFC 6749 section 3), or undefined. */
export function urlProblem(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '' || holdsVariable(text)) return undefined;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return 'Not a full URL yet: begin it with https:// or http://';
  if (/\s/.test(text)) return 'A URL has no blanks: remove them.';
  if (!URL.canParse(text)) return 'Not a full URL: it needs a host, as in https://id.example.com';
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return `Begin it with https:// or http:// in place of ${url.protocol}`;
  if (url.username !== '' || url.password !== '') {
    return 'Remove the user name and password before the @: a URL of a profile holds none.';
  }
  return text.includes('#') ? 'Remove # and all behind it: an endpoint has no fragment.' : undefined;
}

/** What is wrong with an issuer: as an endpoint's, and that it is written without a query (RFC 8414 section 2). */
export function issuerProblem(text: string): string | undefined {
  const wellKnown = text.includes('/.well-known/');
  const query = !holdsVariable(text) && text.includes('?') && !wellKnown;
  return urlProblem(text) ?? (query ? 'Remove ? and all behind it: an issuer has no query.' : undefined);
}

/** What is wrong with a redirect URI (RFC 6749 section 3.1.2), or undefined. Any scheme will do. */
export function redirectUriProblem(typed: string): string | undefined {
  const text = typed.trim();
  if (holdsVariable(text)) return undefined;
  if (text === '')
    return 'The server needs to know where to come back to: http://127.0.0.1/callback will do for most.';
  if (!URL.canParse(text)) {
    return 'Not a full URI: write it as it is registered, such as https://app.example.com/callback or myapp:/callback.';
  }
  return text.includes('#') ? 'Remove # and all behind it: a redirect URI has no fragment.' : undefined;
}

/** What is wrong with a scope (RFC 6749 section 3.3), or undefined. */
export function scopeProblem(text: string): string | undefined {
  if (holdsVariable(text)) return undefined;
  if (/["\\]/.test(text)) return 'A scope has no quotes and no backslash: remove them.';
  return /[^\x20-\x7e\s]/.test(text)
    ? 'A scope is written in ASCII: type it anew, without letters from elsewhere.'
    : undefined;
}

function place(text: string, error: unknown): string {
  const at = /position (\d+)/.exec(String(error))?.[1];
  if (at === undefined) return '';
  const before = text.slice(0, Number(at)).split('\n');
  return ` near line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

const ownClaims: Readonly<Record<string, string>> = {
  iss: 'Issuer',
  sub: 'Subject',
  aud: 'Audience',
  exp: 'Lifetime',
};

/** What is wrong with further claims of a JWT, a JSON object, or undefined. */
export function claimsProblem(typed: string): string | undefined {
  if (typed.trim() === '') return undefined;
  // A variable stands where a value stands: as a number it is right inside quotes and outside.
  const text = typed.replace(/\{\{\s*[A-Za-z_][A-Za-z0-9_.-]*\s*\}\}/g, '0');
  let claims: unknown;
  try {
    claims = JSON.parse(text);
  } catch (error) {
    const single = text.includes("'") ? ' JSON wants double quotes, not single ones.' : '';
    return `Not JSON${place(text, error)}.${single} Write it as {"name": "value"}.`;
  }
  if (claims === null || typeof claims !== 'object' || Array.isArray(claims)) {
    return 'Claims are a JSON object: write {"name": "value"}.';
  }
  const own = Object.keys(claims).find((name) => Object.hasOwn(ownClaims, name));
  return own === undefined ? undefined : `Remove "${own}": it has its own field, ${ownClaims[own]}.`;
}

/** What is wrong with a token that is pasted, or undefined. `jwt`: it must be one (RFC 7519 section 3, RFC 7516 section 3.1). */
export function tokenProblem(typed: string, jwt = false): string | undefined {
  const text = typed.trim();
  if (text === '' || holdsVariable(text)) return undefined;
  if (/^bearer\s/i.test(text)) return 'Remove “Bearer” before the token.';
  if (/^["']|["']$/.test(text)) return 'Remove the quotes around the token.';
  if (/\s/.test(text)) return 'A token has no blanks or line breaks: copy it again as one line.';
  if (!jwt) return undefined;
  const parts = text.split('.');
  const fits = (parts.length === 3 || parts.length === 5) && parts.every((part) => /^[\w-]*$/.test(part));
  return fits
    ? undefined
    : 'A JWT is three parts of letters, digits, - and _ with dots between: copy all of it.';
}

/** Names of values that hold the seed of one-time codes. */
const seedName = /totp|seed/i;
const seedLooks =
  'a seed is base32 text such as JBSWY3DPEHPK3PXP, or an address that begins with otpauth://totp/';

/** What is wrong with a value that its name says is a seed of one-time codes (RFC 6238), or undefined. */
export function seedProblem(name: string, typed: string): string | undefined {
  const text = typed.trim();
  if (!seedName.test(name) || text === '' || holdsVariable(text)) return undefined;
  if (/^\d{6,8}$/.test(text)) return `This is a code that is good for half a minute: ${seedLooks}.`;
  if (/^otpauth:/i.test(text)) {
    const whole = /^otpauth:\/\/totp\//i.test(text) && /[?&]secret=[A-Z2-7]+/i.test(text);
    return whole ? undefined : `Copy the whole address with its secret=: ${seedLooks}.`;
  }
  const plain = text.replace(/[\s-]/g, '').replace(/=+$/, '');
  if (/^[A-Z2-7]+$/i.test(plain)) return undefined;
  return /[018]/.test(plain)
    ? `Base32 has no 0, 1 or 8 (rather O, I and B): ${seedLooks}.`
    : `Not a seed: ${seedLooks}.`;
}
