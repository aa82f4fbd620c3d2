import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { TrustReview } from '../../../shared/model/project.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { openFolder } from '../../api/snapshot.ts';

/** The question whether the scripts of the open project may run. */
export interface TrustStoreState {
  /** The project that the person is asked about, and to which their answer goes; null: the question is not open. */
  asked: TrustReview | null;
  busy: boolean;
  /** Why the scripts could not be read, or the answer could not be kept. */
  failure: ErrorWire | null;
  /** Reads what would run, and asks. */
  review(): Promise<void>;
  /** Closes the question with nothing changed. */
  dismiss(): void;
  /** Trusts the project that was asked about. */
  trust(): Promise<void>;
  /** Takes the open project's trust back. */
  distrust(): Promise<void>;
}

/** Makes the store. */
export function createTrustStore(engine: EngineStore): StoreApi<TrustStoreState> {
  const { call, update } = engine.getState();
  const folderNow = () => openFolder(engine.getState().snapshot);

  const store = createStore<TrustStoreState>()((set, get) => {
    async function attempt(work: () => Promise<void>): Promise<void> {
      if (get().busy) return;
      set({ busy: true, failure: null });
      try {
        await work();
      } catch (thrown) {
        set({ failure: AppError.from(thrown).toWire() });
      }
      set({ busy: false });
    }

    async function answer(name: 'project.trust' | 'project.distrust', folder: string): Promise<void> {
      const project = await call(name, { folder });
      update((snapshot) => ({ ...snapshot, project }));
    }

    return {
      asked: null,
      busy: false,
      failure: null,
      review: () =>
        attempt(async () => {
          const asked = await call('scripts.review', {});
          if (asked.folder === folderNow()) set({ asked });
        }),
      dismiss: () => set({ asked: null, failure: null }),
      trust: () =>
        attempt(async () => {
          const { asked } = get();
          if (asked === null) return;
          await answer('project.trust', asked.folder);
          set({ asked: null });
        }),
      distrust: () =>
        attempt(async () => {
          const folder = folderNow();
          if (folder !== null) await answer('project.distrust', folder);
        }),
    };
  });
  // Another project that is opened meanwhile is not what the person was asked about.
  engine.subscribe(() => {
    const { asked, dismiss } = store.getState();
    if (asked !== null && asked.folder !== folderNow()) dismiss();
  });
  return store;
}
