import { AppError } from '../../../shared/errors.ts';
import type { ProfileDrafts } from './profile-drafts.ts';
import type { Secrets } from './secret-store.ts';

/**
 * Saves what was typed into a profile, its secrets first, so that what comes next is done with what is on the screen. Throws
 * `profile_incomplete` when that cannot be saved.
 */
export async function saveTyped(
  { drafts, secrets }: { drafts: ProfileDrafts; secrets: Secrets },
  id: string,
): Promise<void> {
  // A secret that was typed just before may not be in the vault yet.
  await secrets.getState().settled(id);
  if (await drafts.getState().commit(id)) return;
  throw new AppError('profile_incomplete', 'Nothing was done, because the profile could not be saved.', {
    action: 'Mend what is marked in its settings and values, then try again.',
  });
}
