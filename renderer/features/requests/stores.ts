import type { RequestAuth } from '../../../shared/model/request.ts';
import type { DraftState, SaveState } from '../../api/draft-store.ts';
import { own } from '../../api/own.ts';
import { effectiveAuth } from '../../api/snapshot.ts';
import { storeContext, useStoreOf } from '../../api/store-context.ts';
import { useProject } from '../../api/use-engine.ts';
import { formOf, type RequestForm } from './request-form.ts';
import type { RequestStoreState } from './request-store.ts';

const drafts = storeContext<DraftState<RequestForm>>('request drafts');
const requests = storeContext<RequestStoreState>('request');

export const RequestDraftsProvider = drafts.Provider;
export const RequestStoreProvider = requests.Provider;
/** Selects from the store of the Requests place. */
export function useRequests<Selected>(select: (state: RequestStoreState) => Selected): Selected {
  return useStoreOf(requests, select);
}

/** A request's form as it stands on the screen, and what changes and saves it. */
export interface RequestEditor {
  form: RequestForm;
  /** Its auth with `inherit` resolved. */
  auth: RequestAuth;
  save: SaveState | undefined;
  issue(field: string): string | undefined;
  edit(patch: Partial<RequestForm>): void;
  commit(): void;
  /** For choices that are complete at once: edits and saves. */
  set(patch: Partial<RequestForm>): void;
}

/** The editor of a request; undefined while there is no such request. */
export function useRequestEditor(id: string): RequestEditor | undefined {
  const project = useProject((open) => open);
  const patch = useStoreOf(drafts, (state) => own(state.patches, id));
  const save = useStoreOf(drafts, (state) => own(state.saves, id));
  const { edit, commit } = useStoreOf(drafts, (state) => state);
  const entry = project.requests.find((request) => request.id === id);
  if (entry === undefined) return undefined;
  const form = { ...formOf(entry.request), ...patch };
  return {
    form,
    auth: effectiveAuth(project, id, form.auth),
    save,
    issue: (field) => (save?.kind === 'invalid' ? save.issues[field] : undefined),
    edit: (change) => edit(id, change),
    commit: () => void commit(id),
    set: (change) => {
      edit(id, change);
      void commit(id);
    },
  };
}
