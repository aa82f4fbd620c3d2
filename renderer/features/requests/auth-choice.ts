import type { Profile } from '../../../shared/model/profile.ts';
import type { RequestAuth } from '../../../shared/model/request.ts';

/** A request's auth as one value of a list. */
export function authChoice(auth: RequestAuth): string {
  return auth.kind === 'profile' ? `profile ${auth.profile}` : auth.kind;
}

/** The auth that a value of the list stands for; of a profile, its active persona. */
export function authOf(choice: string): RequestAuth {
  if (choice === 'inherit' || choice === 'none') return { kind: choice };
  return { kind: 'profile', profile: choice.slice('profile '.length), persona: null };
}

/** Whether an auth names a persona that its profile does not have. */
export function personaGone(auth: RequestAuth, profile: Profile): boolean {
  if (auth.kind !== 'profile' || auth.persona === null) return false;
  return !profile.personas.some(({ name }) => name === auth.persona);
}

/** What a request inherits, in a sentence: the profile that the folder names, and its persona where it names one. */
export function inheritedWords(auth: RequestAuth | undefined, profile: Profile | undefined): string {
  if (auth?.kind !== 'profile' || profile === undefined) {
    return 'No folder above names a profile, so no token is sent.';
  }
  const { persona } = auth;
  if (persona !== null) return `The folder names the profile ${profile.name} as the persona ${persona}.`;
  const active = profile.personas.length > 1 ? ' with its active persona' : '';
  return `The folder names the profile ${profile.name}${active}.`;
}
