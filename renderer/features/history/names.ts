import { useMemo } from 'react';
import type { TokenEvent } from '../../../shared/model/token.ts';
import { useProject } from '../../api/use-engine.ts';

/** What the ids in token events stand for, and how much of it must be told. */
export interface Names {
  /** A profile's name; its id when it is not in the project any more. */
  profile(id: string): string;
  environment(id: string | null): string;
  /** Whose token set an event is about, in short: the persona only where its profile has several. */
  who(event: TokenEvent, profileKnown: boolean): string;
}

/** The names of the open project's profiles and environments. */
export function useNames(): Names {
  const profiles = useProject((project) => project.profiles);
  const environments = useProject((project) => project.environments);
  return useMemo(() => {
    const profileOf = new Map(profiles.map(({ id, profile }) => [id, profile]));
    const environmentOf = new Map(environments.map(({ id, environment }) => [id, environment.name]));
    const profile = (id: string) => profileOf.get(id)?.name ?? id;
    return {
      profile,
      environment: (id) => (id === null ? 'none' : (environmentOf.get(id) ?? id)),
      who: (event, profileKnown) => {
        const known = profileOf.get(event.profile);
        const several = known === undefined || known.personas.length > 1;
        const parts = [
          ...(profileKnown ? [] : [profile(event.profile)]),
          ...(several ? [event.persona] : []),
        ];
        return parts.join(' · ');
      },
    };
  }, [profiles, environments]);
}
