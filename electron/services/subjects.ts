import { AppError, assertNever } from '../../shared/errors.ts';
import { isSilentGrant, lifetimeMs, type Persona, type Profile } from '../../shared/model/profile.ts';
import type { fixedVars } from '../../shared/script-api/script-types.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedClient, ResolvedGrant, ResolvedProfile } from '../oauth/resolved-profile.ts';
import { hasSecretServer } from '../requests/check-url.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { Lifetimes } from '../tokens/expiry.ts';
import type { TokenKey, TokenSubject } from '../tokens/token-subject.ts';
import { activePersona, personaIn, profileIn, type Scope } from './scope.ts';
import type { Variables } from './variables.ts';

async function fillIn(text: string, lookup: VariableLookup): Promise<string> {
  return (await resolveTemplate(text, lookup)).text;
}

async function resolveClient({ client }: Profile, lookup: VariableLookup): Promise<ResolvedClient> {
  const id = await fillIn(client.id, lookup);
  if (client.kind === 'none') return { kind: 'none', id };
  return { kind: client.kind, id, secret: new Secret(await fillIn(client.secret, lookup)) };
}

type Vars = Record<string, string | Secret>;

async function resolveGrant({ grant }: Profile, vars: Vars, lookup: VariableLookup): Promise<ResolvedGrant> {
  switch (grant.kind) {
    case 'client_credentials':
      return grant;
    case 'password':
      return passwordGrant(grant, vars);
    case 'authorization_code':
      return { kind: grant.kind, redirectUri: await fillIn(grant.redirectUri, lookup) };
    default:
      return assertNever(grant);
  }
}

/** A value that the persona does not have counts as empty, which the protocol names as missing. */
function passwordGrant(grant: Extract<Profile['grant'], { kind: 'password' }>, vars: Vars): ResolvedGrant {
  const value = (name: string) => (Object.hasOwn(vars, name) ? vars[name] : undefined) ?? '';
  const password = value(grant.passwordValue);
  return {
    ...grant,
    username: value(grant.userValue),
    password: password instanceof Secret ? password : new Secret(password),
  };
}

/** Messages name the host of a server, so that it cannot be secret. Throws `url_invalid`. */
async function resolveServerUrl(text: string, lookup: VariableLookup): Promise<string> {
  const resolved = await resolveTemplate(text, lookup);
  if (!hasSecretServer(resolved)) return resolved.text;
  throw new AppError('url_invalid', 'The server in a URL of the profile comes from a secret.', {
    action: 'Make that a plain variable: messages name the server.',
  });
}

async function resolveProfile(
  id: string,
  profile: Profile,
  vars: Vars,
  lookup: VariableLookup,
): Promise<Omit<ResolvedProfile, 'hidden'>> {
  const server = Object.entries(profile.server).map(async ([name, url]) => [
    name,
    await resolveServerUrl(url, lookup),
  ]);
  return {
    id,
    name: profile.name,
    grant: await resolveGrant(profile, vars, lookup),
    server: { ...profile.server, ...Object.fromEntries(await Promise.all(server)) },
    client: await resolveClient(profile, lookup),
    scope: await fillIn(profile.scope, lookup),
    postLogoutRedirectUri: await fillIn(profile.postLogoutRedirectUri, lookup),
  };
}

async function resolvePersona(persona: Persona, lookup: VariableLookup): Promise<Vars> {
  const values = persona.values.map(async ({ name, kind, value }) => {
    const { text, secrets } = await resolveTemplate(value, lookup);
    return [name, kind === 'secret' || secrets.length > 0 ? new Secret(text) : text] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

/** What is missing is left out: the script says so itself, should it want it. */
async function surroundingsOf(
  { environment }: Scope,
  lookup: VariableLookup,
  names: Record<(typeof fixedVars)[number], string>,
): Promise<Vars> {
  const variables = [...Object.keys(environment?.variables ?? {}), ...(environment?.secrets ?? [])];
  const entries = variables.map(async (name) => {
    try {
      const { text, secrets } = await resolveTemplate(`{{${name}}}`, lookup);
      return [[name, secrets.length > 0 ? new Secret(text) : text] as const];
    } catch (thrown) {
      if (thrown instanceof AppError) return [];
      throw thrown;
    }
  });
  // These names are every script's: a variable of the same name does not take their place.
  return { ...Object.fromEntries((await Promise.all(entries)).flat()), ...names };
}

function lifetimesOf(profile: Profile): Lifetimes {
  const { accessLifetime, refreshLifetime, marginSeconds, renewAhead } = profile;
  return {
    accessMs: lifetimeMs(accessLifetime),
    refreshMs: lifetimeMs(refreshLifetime),
    marginMs: marginSeconds * 1000,
    renewAheadMs: renewAhead.kind === 'on' ? renewAhead.seconds * 1000 : null,
  };
}

/** Whose token set a persona's is in a scope, whether or not there is such a persona. Throws `profile_not_found`. */
export function tokenKeyOf(scope: Scope, id: string, persona: string | null): TokenKey {
  return {
    project: scope.project.folder,
    profile: id,
    persona: persona ?? activePersona(scope, id),
    environment: scope.environmentId,
  };
}

/**
 * Makes a profile ready for the token service: its variables are filled in from one scope, and stay so for as long as
 * an update runs, whatever is opened or chosen meanwhile. `persona` null: the active one. Throws `profile_not_found`,
 * `persona_not_found`, `variable_missing`, `secret_missing`.
 */
export async function subjectOf(
  scope: Scope,
  variables: Variables,
  id: string,
  persona: string | null,
): Promise<TokenSubject> {
  const { profile, hasScript } = profileIn(scope, id);
  const { consentBrowser, redirectPorts, afterConsent } = profile;
  const hidden = new Set<Secret>();
  const find = variables.lookupIn(scope);
  const lookup: VariableLookup = async (name) => {
    const value = await find(name);
    if (value instanceof Secret) hidden.add(value);
    return value;
  };
  const vars = await resolvePersona(personaIn(scope, id, persona), lookup);
  const resolved = await resolveProfile(id, profile, vars, lookup);
  for (const value of Object.values(vars)) if (value instanceof Secret) hidden.add(value);
  return {
    key: tokenKeyOf(scope, id, persona),
    profile: { ...resolved, hidden: [...hidden] },
    vars,
    surroundings: () =>
      surroundingsOf(scope, lookup, {
        persona: persona ?? activePersona(scope, id),
        environment: scope.environment?.name ?? '',
        profile: profile.name,
      }),
    refreshMode: profile.refreshMode,
    lifetimes: lifetimesOf(profile),
    session: profile.session,
    consent: { consentBrowser, redirectPorts, afterConsent },
    scriptHosts: profile.scriptHosts,
    hasScript,
    trusted: scope.trusted,
    automation: profile.automation,
    silentGrant: isSilentGrant(profile.grant),
  };
}
