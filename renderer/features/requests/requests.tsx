import { useProject } from '../../api/use-engine.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import place from '../../ui/place.module.css';
import { RequestEditorView } from './request-editor.tsx';
import { RequestList } from './request-list.tsx';
import { useRequests } from './stores.ts';

/** The Requests place: the project's requests, and one of them. */
export function Requests() {
  const requests = useProject((project) => project.requests);
  const wanted = useRequests((state) => state.selected);
  const selected = (requests.find(({ id }) => id === wanted) ?? requests[0])?.id ?? null;
  return (
    <div className={place.place}>
      <RequestList selected={selected} />
      {selected === null ? (
        <main className={place.main}>
          <EmptyState
            title="No request yet"
            text="A request is sent with a profile's token, kept fresh for you. Make one with New."
          />
        </main>
      ) : (
        <RequestEditorView key={selected} id={selected} />
      )}
    </div>
  );
}
