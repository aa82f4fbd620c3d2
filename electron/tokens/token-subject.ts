import { createHash } from 'node:crypto';
import type { RefreshMode } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
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

/** A token set's owner as it stands at this moment: key, settings, and what can be done for it. */
export interface TokenSubject {
  key: TokenKey;
  profile: ResolvedProfile;
  /** The persona's values, variables filled in, as the automation script finds them in `vars`. */
  vars: Readonly<Record<string, string | Secret>>;
  refreshMode: RefreshMode;
  hasScript: boolean;
  /** Whether the grant can be repeated without consent (`isSilentGrant`). */
  silentGrant: boolean;
}

/** The name of the token set's entry in the vault. */
export function tokenEntryName({ project, profile, persona, environment }: TokenKey): string {
  return entryName('token', [project, profile, persona, environment]);
}

/**
 * The settings that a token set is obtained with, hashed: endpoints, issuer, client id and authentication, scope, grant
 * and the persona's plain values. When it is another, the token set is stale. A new secret or password makes none stale.
 */
export function fingerprint({ profile, vars }: TokenSubject): string {
  const plain = Object.entries(vars).filter(([, value]) => !(value instanceof Secret));
  const settings = {
    ...profile.server,
    client: profile.client.id,
    authentication: profile.client.kind,
    scope: profile.scope,
    grant: sortedEntries({ ...profile.grant }),
    persona: sortedEntries(Object.fromEntries(plain)),
  };
  return createHash('sha256')
    .update(JSON.stringify(sortedEntries(settings)))
    .digest('hex');
}

function sortedEntries(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
