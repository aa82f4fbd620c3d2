import { useMemo } from 'react';
import { adviseProfile } from '../../../shared/advisor/profile-advice.ts';
import { adviseToken } from '../../../shared/advisor/token-advice.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { useProject, useSnapshot } from '../../api/use-engine.ts';
import { useProfile, useProfileEditor, useToken } from './stores.ts';

/** What there is to know of a profile as it stands on the screen, and of what its active persona holds. */
export interface Findings {
  profile: Finding[];
  token: Finding[];
  /** Whether there is a token to have findings on. */
  held: boolean;
}

/** The findings of a profile, the gravest first; while what is typed is no profile yet, those of the saved one. */
export function useFindings(id: string): Findings {
  const saved = useProfile(id)?.profile;
  const built = useProfileEditor(id)?.built();
  const { status } = useToken(id);
  const environment = useSnapshot(({ settings }) => settings.environment);
  const environments = useProject((project) => project.environments);
  const variables = environments.find((one) => one.id === environment)?.environment.variables;
  const profile = built?.kind === 'valid' ? built.value : saved;
  const ofProfile = useMemo(
    () => (profile === undefined ? [] : adviseProfile(profile, variables)),
    [profile, variables],
  );
  const token = useMemo(() => (status === undefined ? [] : adviseToken(status)), [status]);
  return {
    profile: ofProfile,
    token,
    held: status !== undefined && status.access.kind === 'held',
  };
}
