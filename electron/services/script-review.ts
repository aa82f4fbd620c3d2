import { AppError } from '../../shared/errors.ts';
import { automationFile, type Profile } from '../../shared/model/profile.ts';
import type { ScriptReview, TrustReview } from '../../shared/model/project.ts';
import type { Automation } from '../consent/unattended.ts';
import { hasSecretServer } from '../requests/check-url.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import { readAutomation } from './automation.ts';
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

/** What would run, as a text to be read. */
function textOf(automation: Automation): string {
  if (automation.kind === 'script') return automation.source;
  const parts = automation.pages.map(({ name, url, selector, source }, index) => {
    const where = [url, selector].filter((part) => part !== '').join(' · ') || 'the next page';
    return `// ${index + 1}. ${name} (${where})\n${source}`;
  });
  return parts.join('\n\n');
}

/** What would run in a scope's project if it were trusted, for each profile with a script. */
export async function reviewScripts(scope: Scope, variables: Variables): Promise<TrustReview> {
  const { folder, name, profiles } = scope.project;
  const lookup = variables.lookupIn(scope);
  const scripts: ScriptReview[] = [];
  let left = shownInAll;
  // One that cannot be read stands in the project's problems, and cannot run.
  for (const { id, profile } of profiles.filter(({ hasScript }) => hasScript)) {
    const found = await readAutomation(folder, id, profile.automation);
    if (found === null) continue;
    const text = textOf(found);
    const source = text.slice(0, Math.min(left, shownLength));
    left -= source.length;
    scripts.push({
      profile: id,
      name: profile.name,
      file: automationFile(id, profile.automation),
      source,
      omitted: text.length - source.length,
      hosts: await hostsOf(profile, lookup),
    });
  }
  return { folder, name, scripts };
}
