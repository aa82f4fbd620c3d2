import { AppError } from '../../shared/errors.ts';
import { networkSchema } from '../../shared/model/network.ts';
import type { Project } from '../../shared/model/project.ts';
import type { EngineState } from './engine-store.ts';
import type { Snapshot } from './snapshot.ts';
import { storeContext, useStoreOf } from './store-context.ts';

const context = storeContext<EngineState>('engine');

/** Gives the engine's store to the views below. */
export const EngineProvider = context.Provider;
/** Selects from the engine's store. */
export function useEngine<Selected>(select: (state: EngineState) => Selected): Selected {
  return useStoreOf(context, select);
}

/** Selects from what the engine has told; only for views that the app shows once there is something. */
export function useSnapshot<Selected>(select: (snapshot: Snapshot) => Selected): Selected {
  return useEngine(({ snapshot }) => {
    if (snapshot === null) throw new AppError('internal', 'Shown before the engine has answered.');
    return select(snapshot);
  });
}

const noProject: Project = {
  folder: '',
  name: '',
  network: networkSchema.parse({}),
  profiles: [],
  requests: [],
  folders: [],
  environments: [],
  problems: [],
};

/** Selects from the open project; from an empty one in the instant when it has been closed. */
export function useProject<Selected>(select: (project: Project) => Selected): Selected {
  return useSnapshot(({ project }) => select(project.kind === 'open' ? project.project : noProject));
}
