import { useState } from 'react';
import { useEngine, useProject, useSnapshot } from '../api/use-engine.ts';
import { AuthManager, HostQuestionBanner, PersonaFailure } from '../features/auth-manager/index.ts';
import { AutomationTab } from '../features/automation/index.ts';
import { TimelinePlace } from '../features/history/index.ts';
import { NetworkDialog } from '../features/network/index.ts';
import { Playground } from '../features/playground/index.ts';
import { TrustBanner, TrustDialog, VaultBanner, Welcome } from '../features/project/index.ts';
import { Requests } from '../features/requests/index.ts';
import { Button } from '../ui/button.tsx';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { withKeys } from '../ui/with-keys.ts';
import styles from './app.module.css';
import { StatusBar } from './status-bar.tsx';
import { useTheme } from './theme.ts';
import { TopBar } from './top-bar.tsx';

type Place = 'requests' | 'auth' | 'playground' | 'timeline';

const places: readonly { value: Place; label: string; icon: IconName }[] = [
  { value: 'requests', label: 'Requests', icon: 'requests' },
  { value: 'auth', label: 'Auth Manager', icon: 'key' },
  { value: 'timeline', label: 'Timeline', icon: 'timeline' },
  { value: 'playground', label: 'Playground', icon: 'playground' },
];

function Rail({ place, onPlace }: { place: Place; onPlace: (place: Place) => void }) {
  return (
    <nav className={styles.rail} aria-label="Places">
      {places.map(({ value, label, icon }) => (
        <button
          key={value}
          type="button"
          className={styles.place}
          aria-label={label}
          title={label}
          aria-current={value === place ? 'page' : undefined}
          onClick={() => onPlace(value)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </nav>
  );
}

const connectionWords = {
  connecting: null,
  connected: null,
  lost: 'The connection to the engine is lost. Trying again…',
  refused:
    'The engine does not accept this page. Open the address that Grantwright printed when it last started.',
} as const;

function Banners() {
  const words = connectionWords[useEngine((state) => state.connection)];
  const failure = useEngine((state) => state.failure);
  const readAll = useEngine((state) => state.readAll);
  const problems = useProject((project) => project.problems);
  return (
    <div className={styles.banners}>
      {words !== null && (
        <p className={styles.banner} role="alert">
          {words}
        </p>
      )}
      <VaultBanner />
      <TrustBanner />
      <HostQuestionBanner />
      <PersonaFailure />
      {words === null && failure !== null && (
        <div className={styles.problems}>
          <ErrorPanel error={failure}>
            <Button small onClick={() => void readAll()}>
              Read again
            </Button>
          </ErrorPanel>
        </div>
      )}
      {problems.length > 0 && (
        <section className={styles.problems} aria-label="Files that could not be read">
          {withKeys(problems, (problem) => problem.message).map(({ key, item }) => (
            <ErrorPanel key={key} error={item} />
          ))}
        </section>
      )}
    </div>
  );
}

function Workbench() {
  const [place, setPlace] = useState<Place>('auth');
  return (
    <div className={styles.body}>
      <Rail place={place} onPlace={setPlace} />
      {place === 'requests' && <Requests />}
      {place === 'auth' && <AuthManager automation={(profile) => <AutomationTab profile={profile} />} />}
      {place === 'playground' && <Playground />}
      {place === 'timeline' && <TimelinePlace />}
    </div>
  );
}

function Loaded() {
  useTheme(useSnapshot(({ settings }) => settings.theme));
  const folder = useProject((project) => project.folder);
  return (
    <div className={styles.app}>
      <TopBar />
      <Banners />
      {folder === '' ? (
        <div className={styles.whole}>
          <Welcome />
        </div>
      ) : (
        <Workbench key={folder} />
      )}
      <TrustDialog />
      <NetworkDialog />
      <StatusBar />
    </div>
  );
}

/** What stands there before the engine has answered for the first time. */
function Starting() {
  useTheme('system');
  const connection = useEngine((state) => state.connection);
  const failure = useEngine((state) => state.failure);
  const readAll = useEngine((state) => state.readAll);
  return (
    <main className={styles.start}>
      {failure !== null && (
        <ErrorPanel error={failure}>
          <Button small onClick={() => void readAll()}>
            Try again
          </Button>
        </ErrorPanel>
      )}
      {failure === null && (
        <p role={connectionWords[connection] === null ? 'status' : 'alert'}>
          {connectionWords[connection] ?? 'Connecting to the engine…'}
        </p>
      )}
    </main>
  );
}

/** The whole window. */
export function App() {
  const ready = useEngine((state) => state.snapshot !== null);
  return ready ? <Loaded /> : <Starting />;
}
