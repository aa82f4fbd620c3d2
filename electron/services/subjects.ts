import { AppError } from '../../shared/errors.ts';
import { lifetimeMs, type Persona, type Profile } from '../../shared/model/profile.ts';
import type { fixedVars } from '../../shared/script-api/script-types.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { Lifetimes } from '../tokens/expiry.ts';
import type { TokenKey, TokenSubject } from '../tokens/token-subject.ts';
import { notingSecrets } from './noted-secrets.ts';
import { resolveNetwork } from './resolve-network.ts';
import { resolveProfile, type Vars } from './resolve-profile.ts';
import { activePersona, personaIn, profileIn, type Scope } from './scope.ts';
import type { Variables } from './variables.ts';

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
 * an update runs, whatever is opened or chosen meanwhile. Its network is read when a connection first asks for it: a
 * status needs none. `persona` null: the active one. Throws `profile_not_found`, `persona_not_found`, `variable_missing`,
 * `secret_missing`.
 */
export async function subjectOf(
  scope: Scope,
  variables: Pick<Variables, 'lookupIn'>,
  id: string,
  persona: string | null,
): Promise<TokenSubject> {
  const { profile, hasScript } = profileIn(scope, id);
  const { consentBrowser, redirectPorts, afterConsent } = profile;
  const { lookup, noted } = notingSecrets(variables.lookupIn(scope));
  const vars = await resolvePersona(personaIn(scope, id, persona), lookup);
  const resolved = await resolveProfile(id, profile, scope.project, vars, lookup);
  const own = Object.values(vars).filter((value) => value instanceof Secret);
  return {
    key: tokenKeyOf(scope, id, persona),
    profile: { ...resolved, hidden: [...new Set([...noted, ...own])] },
    vars,
    surroundings: () =>
      surroundingsOf(scope, lookup, {
        persona: persona ?? activePersona(scope, id),
        environment: scope.environment?.name ?? '',
        profile: profile.name,
      }),
    refreshMode: profile.refreshMode,
    lifetimes: lifetimesOf(profile),
    placedToken: profile.placedToken,
    session: profile.session,
    consent: { consentBrowser, redirectPorts, afterConsent },
    scriptHosts: profile.scriptHosts,
    hasScript,
    trusted: scope.trusted,
    automation: profile.automation,
  };
}

/** How servers are reached for a request that carries no token, in a scope. */
export function networkIn(scope: Scope, variables: Pick<Variables, 'lookupIn'>): Promise<ResolvedNetwork> {
  const unbound = { verifyTls: true, timeoutSeconds: 30 };
  return resolveNetwork(scope.project, unbound, variables.lookupIn(scope));
}
