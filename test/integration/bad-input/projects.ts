import { join } from 'node:path';
import type { z } from 'zod';
import { profileSchema } from '../../../shared/model/profile.ts';
import type { TestEngine } from '../../fixtures/engine.ts';

/** Settings of a profile; what is left out has its default. */
export type ProfileChanges = Partial<z.input<typeof profileSchema>>;

/** What a test's project holds; all of it is stored through the contract. */
export interface TestProject {
  profile?: ProfileChanges;
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
export async function saveProfile(engine: TestEngine, changes: ProfileChanges): Promise<void> {
  const profile = profileSchema.parse({
    name: 'Orders API',
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
    server: {},
    client: { kind: 'none', id: 'orders-app' },
    ...changes,
  });
  await engine.call('profiles.save', { id: profileId, profile });
}
