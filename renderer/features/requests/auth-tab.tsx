import type { RequestAuth } from '../../../shared/model/request.ts';
import { useProject } from '../../api/use-engine.ts';
import { SelectField } from '../../ui/select-field.tsx';
import {
  RefreshModeField,
  SaveFailure,
  TokenButtons,
  TokenChip,
  TokenNotice,
} from '../auth-manager/index.ts';
import styles from './requests.module.css';
import type { RequestEditor } from './stores.ts';

function choiceOf(auth: RequestAuth): string {
  return auth.kind === 'profile' ? `profile ${auth.profile}` : auth.kind;
}

function authOf(value: string): RequestAuth {
  if (value === 'inherit' || value === 'none') return { kind: value };
  return { kind: 'profile', profile: value.slice('profile '.length) };
}

/** Which profile's token the request carries, and that token's state and settings as in the Auth Manager. */
export function AuthTab({ editor }: { editor: RequestEditor }) {
  const profiles = useProject((project) => project.profiles);
  const { auth } = editor;
  const used = auth.kind === 'profile' ? auth.profile : undefined;
  const usedProfile = profiles.find(({ id }) => id === used);
  const missing = used !== undefined && usedProfile === undefined;
  return (
    <section className={styles.pane} aria-label="Auth">
      <SelectField
        label="Auth"
        value={choiceOf(editor.form.auth)}
        onChange={(value) => editor.set({ auth: authOf(value) })}
        options={[
          { value: 'inherit', label: 'Inherit from the folder' },
          { value: 'none', label: 'No auth' },
          ...profiles.map(({ id, profile }) => ({ value: `profile ${id}`, label: profile.name })),
          ...(missing ? [{ value: `profile ${used}`, label: `${used} (missing)` }] : []),
        ]}
      />
      {editor.form.auth.kind === 'inherit' && (
        <p className={styles.text}>
          {usedProfile === undefined
            ? 'No folder above names a profile, so no token is sent.'
            : `The folder names the profile ${usedProfile.profile.name}.`}
        </p>
      )}
      {missing && <p className={styles.error}>This project has no profile “{used}”. Choose another one.</p>}
      {usedProfile !== undefined && (
        <>
          <div className={styles.tokenLine}>
            <TokenChip profile={usedProfile.id} />
            <TokenButtons profile={usedProfile.id} />
          </div>
          <TokenNotice profile={usedProfile.id} />
          <SaveFailure profile={usedProfile.id} />
          <div className={styles.mode}>
            <RefreshModeField profile={usedProfile.id} />
          </div>
        </>
      )}
    </section>
  );
}
