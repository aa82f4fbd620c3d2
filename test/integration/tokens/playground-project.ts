import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import type { PlaygroundSettings } from '../../../shared/model/playground.ts';
import { type Persona, profileSchema } from '../../../shared/model/profile.ts';
import { startEngine, type TestEngine, type TestEngineOptions } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** The id of the one profile. */
export const profile = 'orders';
const secret = 'playground-password-secret';

export type ProfileChanges = Partial<z.input<typeof profileSchema>>;

/** A persona of the playground's, by its user name. */
export function persona(name: string, user: string): Persona {
  return {
    name,
    values: [
      { name: 'user', kind: 'plain', value: user },
      { name: 'password', kind: 'plain', value: `${user}-pw` },
    ],
  };
}

/** Two personas of the profile, of whom the first is active. */
export const personas = [persona('admin', 'alice'), persona('reader', 'bob')];

/** A playground that shares its clock with the engines on it. */
export type OwnPlayground = Playground & { clock: { aheadMs: number } };

/** A playground of the test's own. */
export async function ownPlayground(settings: Partial<PlaygroundSettings> = {}): Promise<OwnPlayground> {
  const clock = { aheadMs: 0 };
  const playground = await startPlayground({ settings, now: () => Date.now() + clock.aheadMs });
  onTestFinished(() => playground.stop());
  return { ...playground, clock };
}

/** Saves the profile: the password grant at the playground, with a persona each for alice and bob. */
export async function saveProfile(
  engine: TestEngine,
  { url }: Playground,
  changes: ProfileChanges = {},
): Promise<void> {
  const saved = profileSchema.parse({
    name: 'Orders',
    grant: { kind: 'password' },
    server: { issuer: url },
    client: { kind: 'client_secret_basic', id: 'playground-password', secret: '{{orders_secret}}' },
    scope: 'openid offline_access orders.read',
    personas,
    ...changes,
  });
  await engine.call('profiles.save', { id: profile, profile: saved });
}

export interface PlaygroundProject {
  engine: TestEngine;
  playground: OwnPlayground;
  /** The orders of the playground's API. */
  ordersUrl: string;
}

/** An engine with a project that has the one profile; `folder` shares an earlier one's data and project. */
export async function openProject(
  playground: OwnPlayground,
  options: Partial<TestEngineOptions> & { profile?: ProfileChanges } = {},
): Promise<PlaygroundProject> {
  const given = options.folder !== undefined;
  const { clock } = playground;
  const own = options.folder ?? (await temporaryFolder());
  const engine = await startEngine({ clock, ...options, folder: own });
  const folder = join(engine.projectsFolder, 'orders');
  if (given) await engine.call('project.open', { folder });
  else {
    await engine.call('project.create', { folder, name: 'Orders' });
    await engine.call('profiles.create', { name: 'Orders' });
    await saveProfile(engine, playground, options.profile);
    await engine.call('secrets.save', { name: 'orders_secret', value: secret });
  }
  return { engine, playground, ordersUrl: `${playground.url}/api/orders` };
}
