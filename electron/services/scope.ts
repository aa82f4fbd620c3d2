import { AppError } from '../../shared/errors.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { Project } from '../../shared/model/project.ts';
import type { Environment } from '../../shared/model/variable.ts';

/** Where names get their meaning: the open project and its active environment, as they stood at one moment. */
export interface Scope {
  readonly project: Project;
  /** Null: no environment is active. */
  readonly environmentId: string | null;
  readonly environment: Environment | null;
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
