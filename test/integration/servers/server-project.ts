import { join } from 'node:path';
import type { z } from 'zod';
import { profileSchema } from '../../../shared/model/profile.ts';
import { startEngine, type TestEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** The id of the one profile. */
export const profile = 'orders';

/** A profile of a server, without its name; its client secret is `{{secret}}`. */
export type ServerProfile = Omit<z.input<typeof profileSchema>, 'name'>;

/** Alice, as most servers here know her. */
export const alice = {
  name: 'alice',
  values: [
    { name: 'user', kind: 'plain' as const, value: 'alice' },
    { name: 'password', kind: 'plain' as const, value: 'alice-pw' },
  ],
};

/** The project of one profile, and what its script is. */
export interface ServerProject {
  engine: TestEngine;
  /** Saves the profile anew. */
  save(changed: ServerProfile): Promise<void>;
}

/** An engine with a project that has the one profile, its secret values in the vault, and a script for its screens. */
export async function openServerProject(
  settings: ServerProfile,
  { secrets = {}, script }: { secrets?: Record<string, string>; script?: string } = {},
): Promise<ServerProject> {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = join(engine.projectsFolder, 'orders');
  await engine.call('project.create', { folder, name: 'Orders' });
  await engine.call('profiles.create', { name: 'Orders' });
  const save = async (changed: ServerProfile) => {
    const saved = profileSchema.parse({ personas: [alice], ...changed, name: 'Orders' });
    await engine.call('profiles.save', { id: profile, profile: saved });
  };
  await save(settings);
  for (const [name, value] of Object.entries(secrets)) await engine.call('secrets.save', { name, value });
  if (script !== undefined) await engine.call('scripts.save', { profile, source: script, base: null });
  return { engine, save };
}
