import { createManagerStore } from '../../../../renderer/features/auth-manager/manager-store.ts';
import { createPersonaStore } from '../../../../renderer/features/auth-manager/persona-store.ts';
import { createProfileDrafts } from '../../../../renderer/features/auth-manager/profile-drafts.ts';
import { createSecretStore } from '../../../../renderer/features/auth-manager/secret-store.ts';
import { createTokenStore } from '../../../../renderer/features/auth-manager/token-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import type { Persona, Profile } from '../../../../shared/model/profile.ts';
import type { Project } from '../../../../shared/model/project.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

/** The sample project, its profile `orders` with these personas. */
export function projectWith(personas: Persona[], folder?: string): Project {
  const project = sampleProject(folder);
  return {
    ...project,
    profiles: project.profiles.map((entry) => ({ ...entry, profile: { ...entry.profile, personas } })),
  };
}

/** An admin with a secret, and a reader without. */
export const two: Persona[] = [
  {
    name: 'admin',
    values: [
      { name: 'user', kind: 'plain', value: 'alice' },
      { name: 'password', kind: 'secret', value: '{{orders.password}}' },
    ],
  },
  { name: 'reader', values: [{ name: 'user', kind: 'plain', value: 'bob' }] },
];

/** The profile `orders` with these two. */
export const withTwo = {
  'project.current': async () => ({ kind: 'open' as const, project: projectWith(two), trusted: true }),
};

/** The Auth Manager's stores over a fake engine, as the app makes them. */
export async function start(handlers: Partial<Handlers> = {}) {
  const wire = fakeEngine(handlers);
  const engine = await readyStore(wire);
  const drafts = createProfileDrafts(engine);
  const manager = createManagerStore({ engine, drafts });
  const secrets = createSecretStore({ engine, drafts, manager });
  const copied: string[] = [];
  return {
    wire,
    engine,
    drafts,
    manager,
    copied,
    secrets,
    tokens: createTokenStore({ engine, drafts, secrets, copy: async (token) => void copied.push(token) }),
    personas: createPersonaStore({ engine, drafts, secrets }),
    /** The profile `orders` as the window knows it. */
    profile: (): Profile | undefined => {
      const project = engine.getState().snapshot?.project;
      return project?.kind === 'open' ? project.project.profiles[0]?.profile : undefined;
    },
    /** What was sent by a call's name. */
    sent: (name: string) => wire.log.filter((entry) => entry.name === name).map(({ params }) => params),
  };
}
