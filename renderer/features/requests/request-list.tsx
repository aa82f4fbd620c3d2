import { useState } from 'react';
import type { Project } from '../../../shared/model/project.ts';
import { useProject } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { NameDialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import place from '../../ui/place.module.css';
import styles from './requests.module.css';
import { useRequests } from './stores.ts';

type Entry = Project['requests'][number];

function folderOf(id: string): string {
  return id.split('/').slice(0, -1).join('/');
}

/** A folder's own name, or its path where it has no `folder.json`. */
function folderName(project: Project, id: string): string {
  return project.folders.find((folder) => folder.id === id)?.folder.name ?? id;
}

function NewRequest() {
  const [open, setOpen] = useState(false);
  const create = useRequests((state) => state.create);
  return (
    <>
      <Button small aria-label="New request" onClick={() => setOpen(true)}>
        <Icon name="plus" size={13} />
        New
      </Button>
      <NameDialog
        open={open}
        onClose={() => setOpen(false)}
        title="New request"
        submit="Create request"
        onSubmit={create}
      />
    </>
  );
}

function Row({ entry, selected }: { entry: Entry; selected: boolean }) {
  const select = useRequests((state) => state.select);
  const { request } = entry;
  return (
    <li>
      <button
        type="button"
        className={place.row}
        aria-current={selected}
        aria-label={`${request.method} ${request.name}`}
        onClick={() => select(entry.id)}
      >
        <span className={styles.method} data-method={request.method}>
          {request.method}
        </span>
        <b>{request.name}</b>
      </button>
    </li>
  );
}

/** The requests of the project, by folder. */
export function RequestList({ selected }: { selected: string | null }) {
  const project = useProject((open) => open);
  const folders = [...new Set(project.requests.map(({ id }) => folderOf(id)))].sort();
  return (
    <div className={place.list}>
      <div className={place.listHead}>
        <h2>Requests</h2>
        <NewRequest />
      </div>
      {project.requests.length === 0 && <p className={place.none}>No request yet.</p>}
      <div className={place.rows}>
        {folders.map((folder) => (
          <section key={folder} aria-label={folder === '' ? 'Requests' : folderName(project, folder)}>
            {folder !== '' && <h3 className={place.group}>{folderName(project, folder)}</h3>}
            <ul className={place.plain}>
              {project.requests
                .filter(({ id }) => folderOf(id) === folder)
                .map((entry) => (
                  <Row key={entry.id} entry={entry} selected={entry.id === selected} />
                ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}
