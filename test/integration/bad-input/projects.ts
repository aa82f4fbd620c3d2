import { join } from 'node:path';
import type { Profile } from '../../../shared/model/profile.ts';
import type { TestEngine } from '../../fixtures/engine.ts';

/** What a test's project holds; all of it is stored through the contract. */
export interface TestProject {
  profile?: Partial<Profile>;
  script?: string;
  /** Values for the vault, by name. */
  secrets?: Record<string, string>;
}

/** The id of the one profile of a test's project. */
export const profileId = 'orders-api';

/** Creates a project with one profile and opens it; gives its folder. */
export async function createProject(engine: TestEngine, given: TestProject = {}): Promise<string> {
  const folder = join(engine.projectsFolder, 'orders');
  await engine.call('project.create', { folder, name: 'Orders' });
  await engine.call('profiles.create', { name: 'Orders API' });
  await saveProfile(engine, given.profile ?? {});
  if (given.script !== undefined) {
    await engine.call('scripts.save', { profile: profileId, source: given.script });
  }
  for (const [name, value] of Object.entries(given.secrets ?? {})) {
    await engine.call('secrets.save', { name, value });
  }
  return folder;
}

/** Saves the profile anew: a public client of a server whose addresses the test gives. */
export async function saveProfile(engine: TestEngine, changes: Partial<Profile>): Promise<void> {
  const profile: Profile = {
    name: 'Orders API',
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
    server: { issuer: '', authorizationUrl: '', tokenUrl: '' },
    client: { kind: 'none', id: 'orders-app' },
    scope: '',
    refreshMode: 'automatic',
    personas: [{ name: 'default', values: [] }],
    ...changes,
  };
  await engine.call('profiles.save', { id: profileId, profile });
}
