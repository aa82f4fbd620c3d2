import type { Theme } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import { useEngine, useProject, useSnapshot } from '../api/use-engine.ts';
import { PersonaMenu } from '../features/auth-manager/index.ts';
import { useNetwork } from '../features/network/index.ts';
import { useProjectStore, useTrustStore } from '../features/project/index.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { SelectField } from '../ui/select-field.tsx';
import styles from './app.module.css';

const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Stands for "no environment", which no environment's id can be. */
const noEnvironment = '';

function EnvironmentMenu() {
  const environments = useProject((project) => project.environments);
  const active = useSnapshot(({ settings }) => settings.environment);
  const setEnvironment = useProjectStore((state) => state.setEnvironment);
  if (environments.length === 0) return null;
  return (
    <SelectField
      label="Environment"
      labelHidden
      className={styles.environment}
      value={environments.some(({ id }) => id === active) && active !== null ? active : noEnvironment}
      onChange={(id) => void setEnvironment(id === noEnvironment ? null : id)}
      options={[
        { value: noEnvironment, label: 'No environment' },
        ...environments.map(({ id, environment }) => ({ value: id, label: environment.name })),
      ]}
    />
  );
}

function ThemeMenu() {
  const theme = useSnapshot(({ settings }) => settings.theme);
  const { call, update } = useEngine((state) => state);

  async function setTheme(next: Theme): Promise<void> {
    update((snapshot) => ({ ...snapshot, settings: { ...snapshot.settings, theme: next } }));
    try {
      await call('settings.setTheme', { theme: next });
    } catch (thrown) {
      // The theme shows all the same; that it could not be kept belongs beside the other problems.
      const problem = AppError.from(thrown).toWire();
      update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, problem } }));
    }
  }

  return (
    <Menu trigger={<IconButton icon="theme" label="Theme" />}>
      <MenuChoice value={theme} options={themes} onChange={(next) => void setTheme(next)} />
    </Menu>
  );
}

function ProjectMenu() {
  const name = useProject((project) => project.name);
  const folder = useProject((project) => project.folder);
  const close = useProjectStore((state) => state.close);
  const showNetwork = useNetwork((state) => state.show);
  const trusted = useSnapshot(({ project }) => project.kind === 'open' && project.trusted);
  const { review, distrust } = useTrustStore((state) => state);
  return (
    <>
      <Menu
        trigger={
          <button type="button" className={styles.project} aria-label={`Project ${name}`}>
            <span className={styles.clip}>{name}</span>
            <span className={styles.arrow}>
              <Icon name="chevron" size={13} />
            </span>
          </button>
        }
      >
        <MenuItem onClick={showNetwork}>Network…</MenuItem>
        <MenuSeparator />
        {trusted ? (
          <MenuItem onClick={() => void distrust()}>Stop trusting this project</MenuItem>
        ) : (
          <MenuItem onClick={() => void review()}>Review and trust…</MenuItem>
        )}
        <MenuSeparator />
        <MenuItem onClick={() => void close()}>Close project</MenuItem>
      </Menu>
      <span className={`${styles.dim} ${styles.clip}`} title={folder}>
        {folder}
      </span>
    </>
  );
}

/** The top bar: the open project, its personas and environment, and the theme. */
export function TopBar() {
  const open = useSnapshot(({ project }) => project.kind === 'open');
  return (
    <header className={styles.top}>
      <span className={styles.mark} aria-hidden="true">
        G
      </span>
      {open ? <ProjectMenu /> : <b>Grantwright</b>}
      <div className={styles.right}>
        {open && <PersonaMenu className={styles.persona} />}
        {open && <EnvironmentMenu />}
        <ThemeMenu />
      </div>
    </header>
  );
}
