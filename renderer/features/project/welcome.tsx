import { type FormEvent, type ReactNode, useState } from 'react';
import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { defaultFolder, type WelcomePart } from './project-store.ts';
import { useProjectStore } from './stores.ts';
import styles from './welcome.module.css';

function Failure({ part }: { part: WelcomePart }) {
  const failure = useProjectStore((state) => state.failure);
  return failure?.part === part ? <ErrorPanel error={failure.error} /> : null;
}

function Browse({ part, onFolder }: { part: 'open' | 'create'; onFolder: (folder: string) => void }) {
  const canChoose = useSnapshot(({ info }) => info.canChooseFolder);
  const chooseFolder = useProjectStore((state) => state.chooseFolder);
  if (!canChoose) return null;
  async function choose(): Promise<void> {
    const folder = await chooseFolder(part);
    if (folder !== null) onFolder(folder);
  }
  return <Button onClick={() => void choose()}>Browse…</Button>;
}

function Card(props: { title: string; children: ReactNode; onSubmit: () => void }) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    props.onSubmit();
  }
  return (
    <form className={styles.card} aria-label={props.title} onSubmit={submit}>
      <h2>{props.title}</h2>
      {props.children}
    </form>
  );
}

function OpenCard() {
  const [folder, setFolder] = useState('');
  const busy = useProjectStore((state) => state.busy !== null);
  const open = useProjectStore((state) => state.open);
  return (
    <Card title="Open a project" onSubmit={() => void (folder.trim() !== '' && open(folder.trim(), 'open'))}>
      <TextField
        label="Project folder"
        mono
        value={folder}
        onChange={setFolder}
        placeholder="The folder with grantwright.json"
        trailing={<Browse part="open" onFolder={setFolder} />}
      />
      <Button type="submit" className={styles.submit} disabled={folder.trim() === '' || busy}>
        Open project
      </Button>
      <Failure part="open" />
    </Card>
  );
}

function CreateCard() {
  const projectsFolder = useSnapshot(({ info }) => info.projectsFolder);
  const [name, setName] = useState('');
  const [typedFolder, setTypedFolder] = useState<string | null>(null);
  const busy = useProjectStore((state) => state.busy !== null);
  const create = useProjectStore((state) => state.create);
  const folder = typedFolder ?? defaultFolder(projectsFolder, name);
  const complete = name.trim() !== '' && folder.trim() !== '';
  return (
    <Card title="Create a project" onSubmit={() => void (complete && create(name.trim(), folder.trim()))}>
      <TextField label="Project name" value={name} onChange={setName} />
      <TextField
        label="New folder"
        mono
        value={folder}
        onChange={setTypedFolder}
        trailing={<Browse part="create" onFolder={(parent) => setTypedFolder(defaultFolder(parent, name))} />}
      />
      <Button type="submit" className={styles.submit} disabled={!complete || busy}>
        Create project
      </Button>
      <Failure part="create" />
    </Card>
  );
}

function Recent() {
  const recent = useSnapshot(({ settings }) => settings.recentProjects);
  const open = useProjectStore((state) => state.open);
  if (recent.length === 0) return null;
  return (
    <section className={styles.card} aria-label="Recent projects">
      <h2>Recent projects</h2>
      <ul className={styles.recent}>
        {recent.map(({ folder, name }) => (
          <li key={folder}>
            <button type="button" className={styles.project} onClick={() => void open(folder, 'recent')}>
              <Icon name="folder" size={16} />
              <b>{name}</b>
              <span>{folder}</span>
            </button>
          </li>
        ))}
      </ul>
      <Failure part="recent" />
    </section>
  );
}

/** What stands there while no project is open. */
export function Welcome() {
  const busy = useProjectStore((state) => state.busy);
  const openSample = useProjectStore((state) => state.openSample);
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <header className={styles.hero}>
          <h1>Welcome to Grantwright</h1>
          <p>
            Get OAuth tokens, keep them fresh, work the consent screens with a script, and send requests with
            them.
          </p>
        </header>
        <section className={classes(styles.card, styles.sample)} aria-label="Sample project">
          <div>
            <h2>See it work in a minute</h2>
            <p>
              A sample project with its own local authorization server and API. Nothing leaves this computer.
            </p>
          </div>
          <Button kind="primary" disabled={busy !== null} onClick={() => void openSample()}>
            Try the sample project
          </Button>
          <Failure part="sample" />
        </section>
        <div className={styles.pair}>
          <OpenCard />
          <CreateCard />
        </div>
        <Recent />
      </div>
    </main>
  );
}
