import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { ProjectStoreState } from './project-store.ts';
import type { TrustStoreState } from './trust-store.ts';

const project = storeContext<ProjectStoreState>('project');

export const ProjectStoreProvider = project.Provider;
/** Selects from the store that opens and closes projects. */
export function useProjectStore<Selected>(select: (state: ProjectStoreState) => Selected): Selected {
  return useStoreOf(project, select);
}

const trust = storeContext<TrustStoreState>('trust');

export const TrustStoreProvider = trust.Provider;
/** Selects from the store that asks whether the open project is trusted. */
export function useTrustStore<Selected>(select: (state: TrustStoreState) => Selected): Selected {
  return useStoreOf(trust, select);
}
