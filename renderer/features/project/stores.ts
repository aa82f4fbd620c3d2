import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { ProjectStoreState } from './project-store.ts';

const project = storeContext<ProjectStoreState>('project');

export const ProjectStoreProvider = project.Provider;
/** Selects from the store that opens and closes projects. */
export function useProjectStore<Selected>(select: (state: ProjectStoreState) => Selected): Selected {
  return useStoreOf(project, select);
}
