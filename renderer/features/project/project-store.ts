import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProjectState } from '../../../shared/contract/calls.ts';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { EngineStore } from '../../api/engine-store.ts';

/** Where on the welcome page something was asked for, and so where its failure is shown. */
export type WelcomePart = 'sample' | 'open' | 'create' | 'recent';

/** Opening and closing projects, and the vault's choice. */
export interface ProjectStoreState {
  busy: WelcomePart | null;
  failure: { part: WelcomePart; error: ErrorWire } | null;
  /** Why the choice for the vault or the environment could not be made. */
  choiceFailure: ErrorWire | null;
  openSample(): Promise<void>;
  open(folder: string, part: 'open' | 'recent'): Promise<void>;
  create(name: string, folder: string): Promise<void>;
  close(): Promise<void>;
  /** The folder that the person chose in the system's dialog, or null. */
  chooseFolder(part: 'open' | 'create'): Promise<string | null>;
  chooseVault(choice: 'key_file' | 'memory'): Promise<void>;
  setEnvironment(environment: string | null): Promise<void>;
}

/** Makes the store. */
export function createProjectStore(engine: EngineStore): StoreApi<ProjectStoreState> {
  const { call, update } = engine.getState();
  return createStore<ProjectStoreState>()((set) => {
    async function enter(part: WelcomePart, ask: () => Promise<ProjectState>): Promise<void> {
      set({ busy: part, failure: null });
      try {
        const project = await ask();
        update((snapshot) => ({ ...snapshot, project }));
        await engine.getState().readTokens();
      } catch (thrown) {
        set({ failure: { part, error: AppError.from(thrown).toWire() } });
      }
      set({ busy: null });
    }

    async function attempt(action: () => Promise<void>): Promise<void> {
      set({ choiceFailure: null });
      try {
        await action();
      } catch (thrown) {
        set({ choiceFailure: AppError.from(thrown).toWire() });
      }
    }

    const choose = (action: () => Promise<void>) =>
      attempt(async () => {
        await action();
        await engine.getState().readTokens();
      });

    return {
      busy: null,
      failure: null,
      choiceFailure: null,
      openSample: () => enter('sample', () => call('project.openSample', {})),
      open: (folder, part) => enter(part, () => call('project.open', { folder })),
      create: (name, folder) => enter('create', () => call('project.create', { name, folder })),
      close: () =>
        choose(async () => {
          const project = await call('project.close', {});
          update((snapshot) => ({ ...snapshot, project }));
        }),
      chooseFolder: async (part) => {
        try {
          return (await call('project.chooseFolder', {})).folder;
        } catch (thrown) {
          set({ failure: { part, error: AppError.from(thrown).toWire() } });
          return null;
        }
      },
      chooseVault: (choice) =>
        choose(async () => {
          const vault = await call('vault.choose', { choice });
          update((snapshot) => ({ ...snapshot, vault }));
        }),
      // The engine's event says which one it is now, and has the tokens read again.
      setEnvironment: (environment) =>
        attempt(async () => {
          await call('settings.setEnvironment', { environment });
        }),
    };
  });
}

/** Where a new project goes by default: a folder named for it below the host's projects folder. */
export function defaultFolder(projectsFolder: string, name: string): string {
  const last = name
    .trim()
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, '-')
    .replace(/^\.+/, '');
  const separator = projectsFolder.includes('\\') && !projectsFolder.includes('/') ? '\\' : '/';
  return last === '' ? projectsFolder : `${projectsFolder}${separator}${last}`;
}
