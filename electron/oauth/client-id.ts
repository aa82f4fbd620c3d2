import { incomplete } from './endpoint-url.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** The client id, without which nothing can be sent: `profile_incomplete` when it is empty. */
export function clientId(profile: ResolvedProfile): string {
  const id = profile.client.id.trim();
  if (id === '') throw incomplete(profile, 'client.id');
  return id;
}
