import { useMemo } from 'react';
import type { Profile } from '../../../shared/model/profile.ts';
import type { ServerSupport } from '../../../shared/model/server-support.ts';
import { referencedVariable } from '../../../shared/model/variable.ts';
import type { Built, DraftState, SaveState } from '../../api/draft-store.ts';
import { own } from '../../api/own.ts';
import { statusKey } from '../../api/snapshot.ts';
import { storeContext, useStoreOf } from '../../api/store-context.ts';
import { useProject, useSnapshot } from '../../api/use-engine.ts';
import { type Discovered, serverKey } from './form/discovered.ts';
import type { KeyFacts } from './form/key-text.ts';
import type { HostQuestionState } from './host-question-store.ts';
import type { ManagerState } from './manager-store.ts';
import type { PersonaState } from './persona-store.ts';
import { activePersona } from './personas.ts';
import { formOf, type ProfileForm, profileOf, switched } from './profile-form.ts';
import { type SecretState, storedKey } from './secret-store.ts';
import type { TokenStoreState } from './token-store.ts';

const drafts = storeContext<DraftState<ProfileForm>>('profile drafts');
const tokens = storeContext<TokenStoreState>('token');
const manager = storeContext<ManagerState>('Auth Manager');
const personas = storeContext<PersonaState>('persona');
const secrets = storeContext<SecretState>('secret');
const questions = storeContext<HostQuestionState>('host question');

export const ProfileDraftsProvider = drafts.Provider;
export const TokenStoreProvider = tokens.Provider;
export const ManagerProvider = manager.Provider;
export const PersonaStoreProvider = personas.Provider;
export const SecretStoreProvider = secrets.Provider;
export const HostQuestionProvider = questions.Provider;
/** Selects from the store of token updates. */
export function useTokenStore<Selected>(select: (state: TokenStoreState) => Selected): Selected {
  return useStoreOf(tokens, select);
}
/** Selects from the Auth Manager's store. */
export function useManager<Selected>(select: (state: ManagerState) => Selected): Selected {
  return useStoreOf(manager, select);
}

/** Selects from the store of personas. */
export function usePersonaStore<Selected>(select: (state: PersonaState) => Selected): Selected {
  return useStoreOf(personas, select);
}

/** Selects from the store of secrets. */
export function useSecretStore<Selected>(select: (state: SecretState) => Selected): Selected {
  return useStoreOf(secrets, select);
}

/** Selects from the store of questions about hosts. */
export function useHostQuestions<Selected>(select: (state: HostQuestionState) => Selected): Selected {
  return useStoreOf(questions, select);
}

/** What the server of a form has told of itself; undefined until its issuer was asked. */
export function useDiscovered({ issuer }: Pick<ProfileForm, 'issuer'>): Discovered | undefined {
  const environment = useSnapshot(({ settings }) => settings.environment);
  return useManager((state) => own(state.found, serverKey(issuer, environment)));
}

/** What the server of a form says that it can do; undefined until its issuer was asked. */
export function useServerSupport(form: Pick<ProfileForm, 'issuer'>): ServerSupport | undefined {
  return useDiscovered(form)?.supports;
}

/** What is known of the private key that a reference stands for; undefined: it was not stored from this window. */
export function useKeyFacts(reference: string): KeyFacts | undefined {
  const environment = useSnapshot(({ settings }) => settings.environment);
  const variable = referencedVariable(reference) ?? '';
  return useSecretStore(({ keys }) => own(keys, storedKey(variable, environment)));
}

/** The saved profile of an id, or undefined. */
export function useProfile(id: string) {
  return useProject((project) => project.profiles.find((entry) => entry.id === id));
}

/** A profile's form as it stands on the screen, and what changes and saves it. */
export interface ProfileEditor {
  form: ProfileForm;
  save: SaveState | undefined;
  /** What the form comes to: the saved profile while nothing is typed. */
  built(): Built<Profile>;
  issue(field: string): string | undefined;
  edit(patch: Partial<ProfileForm>): void;
  commit(): void;
  /** For choices that are complete at once: edits and saves. */
  set(patch: Partial<ProfileForm>): void;
  /** The same for a choice that other fields belong to: what stands in those of the present choice is kept. */
  switch(patch: Partial<ProfileForm>): void;
}

/** What a saved profile comes to with what was typed; read when it is first asked for. */
function lazyBuilt(saved: Profile, patch: Partial<ProfileForm> = {}): () => Built<Profile> {
  let built: Built<Profile> | undefined;
  return () => {
    const typed = Object.keys(patch).length > 0;
    built ??= typed ? profileOf({ ...formOf(saved), ...patch }, saved) : { kind: 'valid', value: saved };
    return built;
  };
}

/** The editor of a profile; undefined while there is no such profile. */
export function useProfileEditor(id: string): ProfileEditor | undefined {
  const profile = useProfile(id)?.profile;
  const patch = useStoreOf(drafts, (state) => own(state.patches, id));
  const save = useStoreOf(drafts, (state) => own(state.saves, id));
  const edit = useStoreOf(drafts, (state) => state.edit);
  const commit = useStoreOf(drafts, (state) => state.commit);
  const built = useMemo(() => profile && lazyBuilt(profile, patch), [profile, patch]);
  if (profile === undefined || built === undefined) return undefined;
  const form = { ...formOf(profile), ...patch };
  const set = (change: Partial<ProfileForm>) => {
    edit(id, change);
    void commit(id);
  };
  return {
    form,
    save,
    built,
    issue: (field) => {
      const result = built();
      return result.kind === 'invalid' ? result.issues[field] : undefined;
    },
    edit: (change) => edit(id, change),
    commit: () => void commit(id),
    set,
    switch: (change) => set(switched(form, change)),
  };
}

/** The persona meant: the one named, or (null) the active one of its profile. */
export function usePersona(profile: string, named: string | null = null): string {
  const entry = useProfile(profile);
  const chosen = useSnapshot(({ settings }) => settings.personas);
  return named ?? (entry === undefined ? 'default' : activePersona(entry, chosen));
}

/** The token status of a persona (null: the active one), and whether an update is under way or was just asked for. */
export function useToken(profile: string, named: string | null = null) {
  const persona = usePersona(profile, named);
  const key = statusKey(profile, persona);
  const status = useSnapshot((snapshot) => snapshot.tokens.statuses[key]);
  const pending = useTokenStore((state) => state.pending[key] === true);
  const failure = useTokenStore((state) => state.failures[key]);
  const active = status !== undefined && status.activity.kind !== 'idle';
  return { persona, status, busy: pending || active, failure: status?.failure ?? failure ?? null };
}
