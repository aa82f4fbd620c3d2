import type { Profile } from '../../../shared/model/profile.ts';
import { own } from '../../api/own.ts';

/** A profile with its id, as a project holds it. */
interface Entry {
  id: string;
  profile: Profile;
}

/** The active persona by profile id, as the settings tell it. */
type Chosen = Readonly<Record<string, string>>;

/**
 * The name of a profile's active persona: the chosen one, else the first. As in the engine, one that is gone does not
 * give way to another: requests would be sent as somebody else than the person thinks.
 */
export function activePersona({ id, profile }: Entry, chosen: Chosen): string {
  // An id may be the name of something that every object has.
  const name = own(chosen, id);
  // The schema keeps at least one persona.
  return name ?? profile.personas[0]?.name ?? 'default';
}

/** The names to choose from: a profile's personas, and the active one even when it is gone. */
export function personaNames({ personas }: Profile, active: string): string[] {
  return [...new Set([...personas.map(({ name }) => name), active])];
}

/** The choice of a persona for every profile at once: `active` null means that they differ. */
export interface CommonPersona {
  names: string[];
  active: string | null;
}

/** What can be chosen for all profiles that have more than one persona; null when there is no such profile. */
export function commonPersona(profiles: readonly Entry[], chosen: Chosen): CommonPersona | null {
  const several = profiles.filter(({ profile }) => profile.personas.length > 1);
  if (several.length === 0) return null;
  const names = new Set(several.flatMap(({ profile }) => profile.personas.map(({ name }) => name)));
  const active = new Set(several.map((entry) => activePersona(entry, chosen)));
  const [one] = active;
  return { names: [...names], active: active.size === 1 && one !== undefined ? one : null };
}
