import { createHash } from 'node:crypto';
import type { PlacedToken } from '../../shared/model/placement.ts';
import type { AutomationKind, ConsentSessionKind, Profile, RefreshMode } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import type { Lifetimes } from './expiry.ts';
import { entryName } from './vault.ts';

/** Whose token set it is. */
export interface TokenKey {
  /** The project's folder. */
  project: string;
  /** The profile's id. */
  profile: string;
  persona: string;
  /** The active environment's id; null: none. */
  environment: string | null;
}

/** A token set's owner: by key, and by the profile's name for messages. */
export interface TokenOwner {
  key: TokenKey;
  profile: Pick<ResolvedProfile, 'name'>;
}

/** A token set's owner as it stands at this moment: key, settings, and what can be done for it. */
export interface TokenSubject {
  key: TokenKey;
  profile: ResolvedProfile;
  /** The persona's values, variables filled in, as the automation script finds them in `vars`. */
  vars: Readonly<Record<string, string | Secret>>;
  /**
   * What the script finds in `vars` beside them: the variables of the environment that have a value, and the names of
   * persona, environment and profile. Asked for when a script runs; none of it counts for the fingerprint.
   */
  surroundings: () => Promise<Readonly<Record<string, string | Secret>>>;
  refreshMode: RefreshMode;
  lifetimes: Lifetimes;
  /** Which token of the set goes along with requests. */
  placedToken: PlacedToken;
  session: ConsentSessionKind;
  /** How a person meets the consent screens. */
  consent: Pick<Profile, 'consentBrowser' | 'redirectPorts' | 'afterConsent'>;
  /** Where the profile lets its script send values to, beside the hosts of the login. */
  scriptHosts: readonly string[];
  hasScript: boolean;
  /** The test run for which it is updated, by its id; undefined: none. */
  testRun?: string;
  /** Whether the project is trusted, so that the script may run. */
  trusted: boolean;
  /** Which kind of automation the profile has chosen. */
  automation: AutomationKind;
}

/** The name of the token set's entry in the vault. */
export function tokenEntryName({ project, profile, persona, environment }: TokenKey): string {
  return entryName('token', [project, profile, persona, environment]);
}

/** The name of the vault's entry for the consent browser's kept session of the same owner. */
export function sessionEntryName({ project, profile, persona, environment }: TokenKey): string {
  return entryName('session', [project, profile, persona, environment]);
}

/**
 * The settings that a token set is obtained with, hashed: endpoints, issuer, client id and authentication, scope, grant,
 * parameters, DPoP, and all of the persona's values. When it is another, the token set is stale. The persona's secret values count too,
 * since one of them may be the user's name; a new client secret makes none stale. It lies in the vault alone.
 */
export function fingerprint(subject: TokenSubject): string {
  const known = fingerprints.get(subject);
  if (known !== undefined) return known;
  const made = settingsHash(subject);
  fingerprints.set(subject, made);
  return made;
}

/**
 * Which refresh token of the person's own a token set goes back to, as a digest: from its first use on, only what came of
 * it may be sent, whatever other settings change. Null: the grant is another one.
 */
export function chainOf({ profile: { grant } }: TokenSubject): string | null {
  if (grant.kind !== 'refresh_token') return null;
  return createHash('sha256').update(grant.refreshToken.reveal().trim()).digest('hex');
}

/** A subject never changes, and is asked many times. */
const fingerprints = new WeakMap<TokenSubject, string>();

function settingsHash({ profile, vars }: TokenSubject): string {
  const { issuer, authorizationUrl, tokenUrl } = profile.server;
  const { grant } = profile;
  const persona = Object.entries(vars).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ]);
  const settings = {
    ...{ issuer, authorizationUrl, tokenUrl },
    client: profile.client.id,
    authentication: profile.client.kind,
    scope: profile.scope,
    grant: settingsIn(grantSettings(grant)),
    ...(profile.parameters.length === 0 ? {} : { parameters: settingsIn([...profile.parameters]) }),
    ...(profile.protection.dpop.kind === 'off' ? {} : { dpop: settingsIn(profile.protection.dpop) }),
    persona: sortedEntries(Object.fromEntries(persona)),
  };
  return createHash('sha256')
    .update(JSON.stringify(sortedEntries(settings)))
    .digest('hex');
}

/** What decides whose token comes of a grant, and which: not how the redirect comes back or is guarded, nor a password or a key. */
function grantSettings(grant: ResolvedProfile['grant']): Record<string, unknown> {
  switch (grant.kind) {
    case 'authorization_code': {
      const { kind, redirectUri, responseType } = grant;
      return { kind, redirectUri, ...(responseType === 'code' ? {} : { responseType }) };
    }
    case 'implicit': {
      const { kind, redirectUri, responseType } = grant;
      return { kind, redirectUri, responseType };
    }
    case 'password':
      return { kind: grant.kind, username: grant.username };
    case 'jwt_bearer': {
      const { kind, assertion } = grant;
      if (assertion.kind === 'given') return { kind, assertion: assertion.assertion };
      const { issuer, subject, audience, claims } = assertion;
      return { kind, issuer, subject, audience, claims };
    }
    case 'ciba': {
      const { kind, hint, hintValue } = grant;
      return { kind, hint, hintValue };
    }
    default:
      return { ...grant };
  }
}

/** The same, secrets as they are and members in one order. */
function settingsIn(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(settingsIn);
  if (typeof value !== 'object' || value === null) return value;
  return sortedEntries({ ...value }).map(([name, part]) => [name, settingsIn(part)]);
}

function sortedEntries(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
