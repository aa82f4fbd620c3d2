import { AppError } from '../../shared/errors.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { ScriptReview } from '../../shared/model/project.ts';
import { readScript } from '../projects/project-changes.ts';
import { scriptPath } from '../projects/project-paths.ts';
import { hasSecretServer } from '../requests/check-url.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { Scope } from './scope.ts';
import type { Variables } from './variables.ts';

/** The host of an address; the address as it is written when that cannot be told, or comes from a secret. */
async function hostOf(address: string, lookup: VariableLookup): Promise<string> {
  try {
    const resolved = await resolveTemplate(address, lookup);
    return hasSecretServer(resolved) ? address : new URL(resolved.text).host || address;
  } catch (thrown) {
    if (thrown instanceof AppError || thrown instanceof TypeError) return address;
    throw thrown;
  }
}

async function hostsOf({ server }: Profile, lookup: VariableLookup): Promise<string[]> {
  const addresses = [server.authorizationUrl, server.issuer].filter((address) => address.trim() !== '');
  return [...new Set(await Promise.all(addresses.map((address) => hostOf(address, lookup))))];
}

/** What would run in a scope's project if it were trusted, for each profile with a script. */
export async function reviewScripts(scope: Scope, variables: Variables): Promise<ScriptReview[]> {
  const { folder, profiles } = scope.project;
  const lookup = variables.lookupIn(scope);
  const reviews = profiles.map(async ({ id, profile }): Promise<ScriptReview[]> => {
    const source = await readScript(folder, id);
    if (source === null) return [];
    const hosts = await hostsOf(profile, lookup);
    return [{ profile: id, name: profile.name, file: scriptPath(id), source, hosts }];
  });
  return (await Promise.all(reviews)).flat();
}
