import { AppError } from '../../shared/errors.ts';
import type { Persona, Profile } from '../../shared/model/profile.ts';
import type { Project } from '../../shared/model/project.ts';
import type { Environment } from '../../shared/model/variable.ts';

/** Where names get their meaning: the open project and its active environment, as they stood at one moment. */
export interface Scope {
  readonly project: Project;
  /** Null: no environment is active. */
  readonly environmentId: string | null;
  readonly environment: Environment | null;
  /** The personas that the person has chosen, by profile. */
  readonly personas: Readonly<Record<string, string>>;
  /** Whether the project's scripts may run. */
  readonly trusted: boolean;
}

/** Throws `profile_not_found`. */
export function profileIn({ project }: Scope, id: string): { profile: Profile; hasScript: boolean } {
  const found = project.profiles.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw new AppError('profile_not_found', `There is no profile ${id} in this project.`, {
    action: 'Choose another profile for this request, or create it in the Auth Manager.',
    details: { profile: id },
  });
}

/**
 * The active environment: the person's choice (undefined: none was made), else the first there is. One that is gone or
 * damaged gives way to none and never to another one: requests would go to another server than the person thinks.
 */
export function environmentIn(
  { environments, problems }: Pick<Project, 'environments' | 'problems'>,
  chosen: string | null | undefined,
): Project['environments'][number] | null {
  if (chosen !== undefined) return environments.find(({ id }) => id === chosen) ?? null;
  const damaged = problems.some(({ details }) => String(details?.file).startsWith('environments'));
  return damaged ? null : (environments[0] ?? null);
}

/** The name of a profile's active persona: the person's choice, else the first there is. */
export function activePersona(scope: Scope, id: string): string {
  const { profile } = profileIn(scope, id);
  const chosen = Object.hasOwn(scope.personas, id) ? scope.personas[id] : undefined;
  return chosen ?? profile.personas[0]?.name ?? 'default';
}

/**
 * A persona of a profile; null: the active one. One that is gone gives way to none, and never to another one: requests
 * would be sent as somebody else than the person thinks. Throws `profile_not_found`, `persona_not_found`.
 */
export function personaIn(scope: Scope, id: string, name: string | null): Persona {
  const { profile } = profileIn(scope, id);
  const wanted = name ?? activePersona(scope, id);
  const found = profile.personas.find((persona) => persona.name === wanted);
  if (found !== undefined) return found;
  const names = profile.personas.map((persona) => `“${persona.name}”`).join(', ');
  throw new AppError('persona_not_found', `“${profile.name}” has no persona “${wanted.slice(0, 120)}”.`, {
    action: `Choose one of: ${names}.`,
    details: { profile: id, persona: wanted.slice(0, 120) },
  });
}

/** The ids of all profiles that have a persona of this name. Throws `persona_not_found` when none has. */
export function profilesHaving({ project: { profiles } }: Scope, name: string): string[] {
  const having = profiles.filter(({ profile }) => profile.personas.some((persona) => persona.name === name));
  if (having.length > 0) return having.map(({ id }) => id);
  const names = new Set(profiles.flatMap(({ profile }) => profile.personas.map((persona) => persona.name)));
  throw new AppError('persona_not_found', `No profile of this project has a persona “${name}”.`, {
    action: `Choose one of: ${[...names].map((each) => `“${each}”`).join(', ') || 'none is defined'}.`,
    details: { persona: name },
  });
}
