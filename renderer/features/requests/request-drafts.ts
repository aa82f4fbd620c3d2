import type { StoreApi } from 'zustand';
import { createDraftStore, type DraftState } from '../../api/draft-store.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { withRequest } from '../../api/snapshot.ts';
import { formOf, type RequestForm, requestOf } from './request-form.ts';

/** What was typed into requests and is not saved yet. */
export type RequestDrafts = StoreApi<DraftState<RequestForm>>;

/** Makes the store of the requests' drafts. */
export function createRequestDrafts(engine: EngineStore): RequestDrafts {
  return createDraftStore({
    engine,
    read: (id) => {
      const project = engine.getState().snapshot?.project;
      return project?.kind === 'open'
        ? project.project.requests.find((entry) => entry.id === id)?.request
        : undefined;
    },
    formOf,
    build: requestOf,
    save: (id, request) => engine.getState().call('requests.save', { id, request }),
    withSaved: withRequest,
  });
}
