import { isSilentGrant, type Profile } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedClient, ResolvedGrant, ResolvedProfile } from '../oauth/resolved-profile.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { TokenKey, TokenSubject } from '../tokens/token-subject.ts';
import { profileIn, type Scope } from './scope.ts';
import type { Variables } from './variables.ts';

async function fillIn(text: string, lookup: VariableLookup): Promise<string> {
  return (await resolveTemplate(text, lookup)).text;
}

async function resolveClient({ client }: Profile, lookup: VariableLookup): Promise<ResolvedClient> {
  const id = await fillIn(client.id, lookup);
  if (client.kind === 'none') return { kind: 'none', id };
  return { kind: client.kind, id, secret: new Secret(await fillIn(client.secret, lookup)) };
}

async function resolveGrant({ grant }: Profile, lookup: VariableLookup): Promise<ResolvedGrant> {
  if (grant.kind === 'client_credentials') return grant;
  return { kind: 'authorization_code', redirectUri: await fillIn(grant.redirectUri, lookup) };
}

async function resolveProfile(
  id: string,
  profile: Profile,
  lookup: VariableLookup,
): Promise<ResolvedProfile> {
  return {
    id,
    name: profile.name,
    grant: await resolveGrant(profile, lookup),
    server: {
      issuer: await fillIn(profile.server.issuer, lookup),
      authorizationUrl: await fillIn(profile.server.authorizationUrl, lookup),
      tokenUrl: await fillIn(profile.server.tokenUrl, lookup),
    },
    client: await resolveClient(profile, lookup),
    scope: await fillIn(profile.scope, lookup),
  };
}

/** The values of the profile's first persona; the others wait until personas can be switched. */
async function resolvePersona(
  profile: Profile,
  lookup: VariableLookup,
): Promise<Record<string, string | Secret>> {
  const values = (profile.personas[0]?.values ?? []).map(async ({ name, kind, value }) => {
    const { text, secrets } = await resolveTemplate(value, lookup);
    return [name, kind === 'secret' || secrets.length > 0 ? new Secret(text) : text] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

/** Whose token set a profile's is in a scope. Throws `profile_not_found`. */
export function tokenKeyOf(scope: Scope, id: string): TokenKey {
  return {
    project: scope.project.folder,
    profile: id,
    persona: profileIn(scope, id).profile.personas[0]?.name ?? 'default',
    environment: scope.environmentId,
  };
}

/**
 * Makes a profile ready for the token service: its variables are filled in from one scope, and stay so for as long as
 * an update runs, whatever is opened or chosen meanwhile. Throws `profile_not_found`, `variable_missing`,
 * `secret_missing`.
 */
export async function subjectOf(scope: Scope, variables: Variables, id: string): Promise<TokenSubject> {
  const { profile, hasScript } = profileIn(scope, id);
  const lookup = variables.lookupIn(scope);
  return {
    key: tokenKeyOf(scope, id),
    profile: await resolveProfile(id, profile, lookup),
    vars: await resolvePersona(profile, lookup),
    refreshMode: profile.refreshMode,
    hasScript,
    silentGrant: isSilentGrant(profile.grant),
  };
}
