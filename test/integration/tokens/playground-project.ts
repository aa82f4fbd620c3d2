import { onTestFinished } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import type { PlaygroundSettings } from '../../../shared/model/playground.ts';
import type { Persona } from '../../../shared/model/profile.ts';
import type { TestEngine, TestEngineOptions } from '../../fixtures/engine.ts';
import { openServerProject, type ServerProfile, saveServerProfile } from '../../fixtures/server-project.ts';

export { profile } from '../../fixtures/server-project.ts';

const secret = 'playground-password-secret';

export type ProfileChanges = Partial<ServerProfile>;

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

/** The password grant at the playground, with a persona each for alice and bob. */
const profileAt = ({ url }: Playground, changes: ProfileChanges): ServerProfile => ({
  grant: { kind: 'password' },
  server: { issuer: url },
  client: { kind: 'client_secret_basic', id: 'playground-password', secret: '{{orders_secret}}' },
  scope: 'openid offline_access orders.read',
  personas,
  ...changes,
});

/** Saves the profile anew. */
export function saveProfile(
  engine: TestEngine,
  playground: Playground,
  changes: ProfileChanges = {},
): Promise<void> {
  return saveServerProfile(engine, profileAt(playground, changes));
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
  { profile: changes = {}, ...options }: Partial<TestEngineOptions> & { profile?: ProfileChanges } = {},
): Promise<PlaygroundProject> {
  const { engine } = await openServerProject(profileAt(playground, changes), {
    ...{ clock: playground.clock, ...options },
    secrets: options.folder === undefined ? { orders_secret: secret } : {},
  });
  return { engine, playground, ordersUrl: `${playground.url}/api/orders` };
}
