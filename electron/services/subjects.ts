import { isSilentGrant, type Profile } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedClient, ResolvedGrant, ResolvedProfile } from '../oauth/resolved-profile.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { TokenSubject } from '../tokens/token-subject.ts';
import type { Workspace } from './workspace.ts';

/** A profile ready for the token service, and what its automation script finds in `vars`. */
export interface PreparedProfile {
  subject: TokenSubject;
  vars: Record<string, string | Secret>;
}

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

/** Fills in a profile's variables. Throws `profile_not_found`, `variable_missing`, `secret_missing`. */
export async function prepareProfile(
  workspace: Workspace,
  lookup: VariableLookup,
  id: string,
): Promise<PreparedProfile> {
  const { profile, hasScript } = workspace.profile(id);
  const key = {
    project: workspace.project().folder,
    profile: id,
    persona: profile.personas[0]?.name ?? 'default',
    environment: workspace.environmentId(),
  };
  const vars = await resolvePersona(profile, lookup);
  const plain = Object.entries(vars).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const subject: TokenSubject = {
    key,
    profile: await resolveProfile(id, profile, lookup),
    personaValues: Object.fromEntries(plain),
    refreshMode: profile.refreshMode,
    hasScript,
    silentGrant: isSilentGrant(profile.grant),
  };
  return { subject, vars };
}
