import type { Profile } from '../../../shared/model/profile.ts';
import type { RequestAuth } from '../../../shared/model/request.ts';
import { useProject } from '../../api/use-engine.ts';
import { SelectField } from '../../ui/select-field.tsx';
import {
  RefreshModeField,
  SaveFailure,
  TokenButtons,
  TokenChip,
  TokenNotice,
  usePersona,
} from '../auth-manager/index.ts';
import { authChoice, authOf, inheritedWords, personaGone } from './auth-choice.ts';
import styles from './requests.module.css';
import type { RequestEditor } from './stores.ts';

type ProfileAuth = Extract<RequestAuth, { kind: 'profile' }>;

/** Stands for the active persona, whose name no persona's can be. */
const activeChoice = '';

interface PersonaProps {
  auth: ProfileAuth;
  profile: Profile;
  onChange: (persona: string | null) => void;
}

function PersonaField({ auth, profile, onChange }: PersonaProps) {
  const active = usePersona(auth.profile);
  const { persona } = auth;
  const names = profile.personas.map(({ name }) => name);
  return (
    <SelectField
      label="Persona"
      value={persona ?? activeChoice}
      onChange={(value) => onChange(value === activeChoice ? null : value)}
      options={[
        { value: activeChoice, label: `Active persona (${active})` },
        ...names.map((name) => ({ value: name, label: name })),
        ...(personaGone(auth, profile) && persona !== null
          ? [{ value: persona, label: `${persona} (missing)` }]
          : []),
      ]}
    />
  );
}

/** The state and the settings of the token that the request carries, as in the Auth Manager. */
function Token({ auth }: { auth: ProfileAuth }) {
  return (
    <>
      <div className={styles.tokenLine}>
        <TokenChip profile={auth.profile} persona={auth.persona} />
        <TokenButtons profile={auth.profile} persona={auth.persona} />
      </div>
      <TokenNotice profile={auth.profile} persona={auth.persona} />
      <SaveFailure profile={auth.profile} />
      <div className={styles.mode}>
        <RefreshModeField profile={auth.profile} />
      </div>
    </>
  );
}

/** Which profile's token the request carries, and as which persona. */
export function AuthTab({ editor }: { editor: RequestEditor }) {
  const profiles = useProject((project) => project.profiles);
  const { auth } = editor;
  const used = auth.kind === 'profile' ? auth : undefined;
  const profile = profiles.find(({ id }) => id === used?.profile)?.profile;
  const missing = used !== undefined && profile === undefined;
  const inherited = editor.form.auth.kind === 'inherit';
  const gone = used !== undefined && profile !== undefined && personaGone(used, profile);
  return (
    <section className={styles.pane} aria-label="Auth">
      <SelectField
        label="Auth"
        value={authChoice(editor.form.auth)}
        onChange={(value) => editor.set({ auth: authOf(value) })}
        options={[
          { value: 'inherit', label: 'Inherit from the folder' },
          { value: 'none', label: 'No auth' },
          ...profiles.map(({ id, profile: { name } }) => ({ value: `profile ${id}`, label: name })),
          ...(missing ? [{ value: authChoice(used), label: `${used.profile} (missing)` }] : []),
        ]}
      />
      {inherited && <p className={styles.text}>{inheritedWords(used, profile)}</p>}
      {missing && (
        <p className={styles.error}>This project has no profile “{used.profile}”. Choose another one.</p>
      )}
      {used !== undefined && profile !== undefined && !inherited && (profile.personas.length > 1 || gone) && (
        <PersonaField
          auth={used}
          profile={profile}
          onChange={(persona) => editor.set({ auth: { ...used, persona } })}
        />
      )}
      {gone && (
        <p className={styles.error}>
          The profile has no persona “{used.persona}”, so the request is not sent.{' '}
          {inherited ? 'Choose another one for the folder.' : 'Choose another one.'}
        </p>
      )}
      {used !== undefined && profile !== undefined && !gone && <Token auth={used} />}
    </section>
  );
}
