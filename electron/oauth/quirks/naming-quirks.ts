import type { Severity } from '../../../shared/model/finding.ts';
import { isObject, type Members } from '../json-body.ts';
import { member, type Quirk, without } from './quirk.ts';

type MemberQuirk = Quirk<Members>;

/** The names by which real servers call what RFC 6749 section 5.1 and OpenID Connect Core section 3.1.3.3 name. */
const otherNames = {
  access_token: ['accessToken', 'AccessToken', 'access-token', 'accesstoken', 'token'],
  token_type: ['tokenType', 'TokenType', 'token-type'],
  refresh_token: ['refreshToken', 'RefreshToken', 'refresh-token', 'refreshtoken'],
  id_token: ['idToken', 'IdToken', 'id-token'],
  expires_in: ['expiresIn', 'ExpiresIn', 'expires-in', 'expire_in', 'expires'],
  scope: ['scopes', 'Scope', 'granted_scopes'],
} as const;
type StandardName = keyof typeof otherNames;

const severities: Record<StandardName, Severity> = {
  access_token: 'medium',
  token_type: 'low',
  refresh_token: 'medium',
  id_token: 'medium',
  expires_in: 'low',
  scope: 'low',
};

/** Whether a value can be what the name promises, so that a `token` that is an object or a number is none. */
function fits(name: StandardName, value: unknown): boolean {
  if (name === 'scope') return typeof value === 'string' || Array.isArray(value);
  if (name === 'expires_in')
    return typeof value === 'number' || (typeof value === 'string' && /^\s*[\d.]+\s*$/.test(value));
  return typeof value === 'string' && value !== '';
}

function isAbsent(members: Members, name: string): boolean {
  const value = member(members, name);
  return value === undefined || value === null || value === '';
}

function renamed(name: StandardName): MemberQuirk {
  return {
    code: `${name}_renamed`,
    severity: severities[name],
    source: 'RFC 6749 section 5.1',
    text: (about) => `${name} is called ${about} here.`,
    mend: (members) => {
      if (!isAbsent(members, name)) return null;
      const other = otherNames[name].find((text) => fits(name, member(members, text)));
      if (other === undefined) return null;
      return { subject: { ...without(members, name, other), [name]: members[other] }, about: other };
    },
  };
}

const renamedMembers = (
  ['access_token', 'token_type', 'refresh_token', 'id_token', 'expires_in', 'scope'] as const
).map(renamed);

function holdsToken(members: Members): boolean {
  return ['access_token', ...otherNames.access_token].some((name) =>
    fits('access_token', member(members, name)),
  );
}

/** Where real servers wrap what should stand at the top; Slack's token of a person is `authed_user`. */
const wrappers = [
  'data',
  'result',
  'response',
  'body',
  'payload',
  'token',
  'tokens',
  'authed_user',
  'authResponse',
];

/** The wrapper, at most two deep, that holds the tokens. */
function wrapped(members: Members, depth = 2): { path: string; inner: Members } | null {
  for (const name of depth === 0 ? [] : wrappers) {
    const inner = member(members, name);
    if (!isObject(inner)) continue;
    if (holdsToken(inner)) return { path: name, inner };
    const deeper = wrapped(inner, depth - 1);
    if (deeper !== null) return { path: `${name}.${deeper.path}`, inner: deeper.inner };
  }
  return null;
}

/** What the members of a token response are called, and where they stand. */
export const namingQuirks: readonly MemberQuirk[] = [
  {
    code: 'answer_nested',
    severity: 'medium',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The tokens stand inside ${about}; they should be members of the answer itself.`,
    mend: (members) => {
      const found = holdsToken(members) ? null : wrapped(members);
      if (found === null) return null;
      const [top = ''] = found.path.split('.');
      return { subject: { ...without(members, top), ...found.inner }, about: found.path };
    },
  },
  ...renamedMembers,
];
