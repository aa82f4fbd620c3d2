import { AppError } from '../../shared/errors.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { ScriptReview, TrustReview } from '../../shared/model/project.ts';
import { readPageScripts, readScript } from '../projects/project-changes.ts';
import { pageScriptsPath, scriptPath } from '../projects/project-paths.ts';
import { hasSecretServer } from '../requests/check-url.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { Scope } from './scope.ts';
import type { Variables } from './variables.ts';

/** What a hostile project holds must not bring the window to a standstill: characters of one script, and of all. */
const shownLength = 200_000;
const shownInAll = 1_000_000;

/** The host of an address; the address as it is written when that cannot be told, or comes from a secret. */
async function hostOf(address: string, lookup: VariableLookup): Promise<string> {
  try {
    const resolved = await resolveTemplate(address, lookup);
    if (hasSecretServer(resolved) || !URL.canParse(resolved.text)) return address;
    return new URL(resolved.text).host || address;
  } catch (thrown) {
    if (thrown instanceof AppError) return address;
    throw thrown;
  }
}

/** Where values may be sent to: the authorization server, and what the profile allows beside it. */
async function hostsOf({ server, scriptHosts }: Profile, lookup: VariableLookup): Promise<string[]> {
  const addresses = [server.authorizationUrl, server.issuer].filter((address) => address.trim() !== '');
  const hosts = await Promise.all(addresses.map((address) => hostOf(address, lookup)));
  return [...new Set([...hosts, ...scriptHosts])];
}

/** The file of what would run, and its text; null: it is gone. */
async function textOf(
  folder: string,
  id: string,
  { automation }: Profile,
): Promise<{ file: string; text: string } | null> {
  if (automation === 'script') {
    const text = await readScript(folder, id);
    return text === null ? null : { file: scriptPath(id), text };
  }
  const pages = await readPageScripts(folder, id);
  const parts = pages.map(({ name, url, selector, source }, index) => {
    const where = [url, selector].filter((part) => part !== '').join(' · ') || 'the next page';
    return `// ${index + 1}. ${name} (${where})\n${source}`;
  });
  return pages.length === 0 ? null : { file: pageScriptsPath(id), text: parts.join('\n\n') };
}

/** What would run in a scope's project if it were trusted, for each profile with a script. */
export async function reviewScripts(scope: Scope, variables: Variables): Promise<TrustReview> {
  const { folder, name, profiles } = scope.project;
  const lookup = variables.lookupIn(scope);
  const scripts: ScriptReview[] = [];
  let left = shownInAll;
  // One that cannot be read stands in the project's problems, and cannot run.
  for (const { id, profile } of profiles.filter(({ hasScript }) => hasScript)) {
    const found = await textOf(folder, id, profile);
    if (found === null) continue;
    const source = found.text.slice(0, Math.min(left, shownLength));
    left -= source.length;
    scripts.push({
      profile: id,
      name: profile.name,
      file: found.file,
      source,
      omitted: found.text.length - source.length,
      hosts: await hostsOf(profile, lookup),
    });
  }
  return { folder, name, scripts };
}
