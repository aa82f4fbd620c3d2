import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { Exchange } from '../../../shared/model/request.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject, sameProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import type { RequestDrafts } from './request-drafts.ts';
import { formOf, requestOf } from './request-form.ts';

export type RequestTab = 'auth' | 'headers' | 'body';

/** What came of the last send of a request. */
export type SendState =
  | { kind: 'sending'; before: Exchange | null }
  | { kind: 'done'; exchange: Exchange }
  | { kind: 'failed'; error: ErrorWire };

/** What the Requests place shows, and what is done with requests. */
export interface RequestStoreState {
  selected: string | null;
  tab: RequestTab;
  /** By request id. */
  sends: Record<string, SendState>;
  /** Why the last deletion failed. */
  failure: ErrorWire | null;
  select(id: string): void;
  setTab(tab: RequestTab): void;
  /** Creates a request and selects it; resolves to what went wrong, or null. */
  create(name: string): Promise<ErrorWire | null>;
  remove(id: string): Promise<void>;
  /** Saves what was typed and sends it; once more while it is being sent does nothing. */
  send(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
}

/** Makes the store of the Requests place. */
export function createRequestStore(engine: EngineStore, drafts: RequestDrafts): StoreApi<RequestStoreState> {
  const { call } = engine.getState();
  return createStore<RequestStoreState>()((set, get) => {
    onOtherProject(engine, () => set({ selected: null, sends: {}, failure: null }));
    /** Notes how a send stands, as long as its project is open. */
    const sender = (id: string) => {
      const here = sameProject(engine);
      return (send: SendState) => {
        if (here()) set(({ sends }) => ({ sends: { ...sends, [id]: send } }));
      };
    };

    function requestOnScreen(id: string) {
      const project = engine.getState().snapshot?.project;
      const saved =
        project?.kind === 'open' ? project.project.requests.find((entry) => entry.id === id) : undefined;
      if (saved === undefined) return undefined;
      const built = requestOf({ ...formOf(saved.request), ...own(drafts.getState().patches, id) });
      return built.kind === 'valid' ? built.value : undefined;
    }

    async function send(id: string): Promise<void> {
      const last = own(get().sends, id);
      if (last?.kind === 'sending') return;
      const tell = sender(id);
      tell({ kind: 'sending', before: last?.kind === 'done' ? last.exchange : null });
      // A failed save is shown by itself; the request goes out as it stands on the screen all the same.
      const here = sameProject(engine);
      await drafts.getState().commit(id);
      if (!here()) return;
      const request = requestOnScreen(id);
      try {
        if (request === undefined) throw new AppError('request_invalid', 'The request is not complete.');
        tell({ kind: 'done', exchange: await call('requests.send', { id, request }) });
      } catch (thrown) {
        tell({ kind: 'failed', error: AppError.from(thrown).toWire() });
      }
    }

    return {
      selected: null,
      tab: 'auth',
      sends: {},
      failure: null,
      select: (selected) => set({ selected, failure: null }),
      setTab: (tab) => set({ tab }),
      create: async (name) => {
        try {
          const { id } = await call('requests.create', { name });
          set({ selected: id });
          return null;
        } catch (thrown) {
          return AppError.from(thrown).toWire();
        }
      },
      remove: async (id) => {
        try {
          await call('requests.delete', { id });
          set({ failure: null });
        } catch (thrown) {
          set({ failure: AppError.from(thrown).toWire() });
        }
      },
      send,
      cancel: async (id) => {
        const tell = sender(id);
        try {
          await call('requests.cancel', { id });
        } catch (thrown) {
          tell({ kind: 'failed', error: AppError.from(thrown).toWire() });
        }
      },
    };
  });
}
