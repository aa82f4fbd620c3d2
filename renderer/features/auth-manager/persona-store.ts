import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import { nameSchema } from '../../../shared/model/identifier.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { sameProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { type Snapshot, withProfile } from '../../api/snapshot.ts';
import type { PersonaForm } from './persona-form.ts';
import { activePersona } from './personas.ts';
import { type ProfileDrafts, profileForm, savedProfile } from './profile-drafts.ts';
import { saveTyped } from './save-typed.ts';
import type { Secrets } from './secret-store.ts';

/** Which persona is the active one, and what is done to personas beyond typing. */
export interface PersonaState {
  /** Whether a choice is on its way to the engine: until it is there, nothing is done for either persona. */
  choosing: boolean;
  /** Why the last choice failed. */
  choiceFailure: ErrorWire | null;
  /** Makes a persona the active one: of one profile, or (null) of every profile that has one; true if that went well. */
  choose(profile: string | null, persona: string): Promise<boolean>;
  /** Adds a persona with the value names of the first one, without their values; resolves to what was wrong, or null. */
  add(profile: string, name: string): Promise<ErrorWire | null>;
  /** Adds rows without values to a persona, for those of these names that it does not have. */
  addValues(profile: string, persona: string, wanted: { name: string; secret: boolean }[]): Promise<void>;
  /** Saves what was typed, then renames; resolves to what went wrong, or null. */
  rename(profile: string, from: string, to: string): Promise<ErrorWire | null>;
  /** Removes a persona, unless it is the last; of the others the first becomes the active one, if it was. */
  remove(profile: string, persona: string): Promise<void>;
}

/** Why a persona cannot have a name, or null. */
function nameFailure(name: string, personas: readonly PersonaForm[]): ErrorWire | null {
  const issue = nameSchema.safeParse(name).error?.issues[0]?.message;
  if (issue !== undefined) return { code: 'name_invalid', message: `This name cannot be used: ${issue}.` };
  if (!personas.some((persona) => persona.name === name)) return null;
  return {
    code: 'name_taken',
    message: `This profile has a persona “${name}” already.`,
    action: 'Choose another name.',
  };
}

function renamed(personas: readonly PersonaForm[], from: string, to: string): PersonaForm[] {
  return personas.map((persona) => (persona.name === from ? { ...persona, name: to } : persona));
}

/** The snapshot with a persona's new name, before the engine's events say so. */
function withRenamed(snapshot: Snapshot, id: string, from: string, to: string): Snapshot {
  if (snapshot.project.kind === 'closed') return snapshot;
  const profile = snapshot.project.project.profiles.find((entry) => entry.id === id)?.profile;
  if (profile === undefined) return snapshot;
  const { settings } = snapshot;
  const personas = settings.personas[id] === from ? { ...settings.personas, [id]: to } : settings.personas;
  return {
    ...withProfile(snapshot, id, { ...profile, personas: renamed(profile.personas, from, to) }),
    settings: { ...settings, personas },
  };
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
  secrets: Secrets;
}

/** Makes the store of personas. */
export function createPersonaStore({ engine, drafts, secrets }: Parts): StoreApi<PersonaState> {
  const { call, update } = engine.getState();

  async function attempt(action: () => Promise<void>): Promise<ErrorWire | null> {
    try {
      await action();
      return null;
    } catch (thrown) {
      return AppError.from(thrown).toWire();
    }
  }

  const personasOf = (profile: string) => profileForm(engine, drafts, profile)?.personas ?? [];

  async function setPersonas(profile: string, personas: PersonaForm[]): Promise<void> {
    drafts.getState().edit(profile, { personas });
    await drafts.getState().commit(profile);
  }

  let choices = 0;
  async function choose(profile: string | null, persona: string): Promise<boolean> {
    choices += 1;
    store.setState({ choosing: true });
    const choiceFailure = await attempt(async () => {
      const settings = await call('settings.setPersona', { profile, persona });
      update((snapshot) => ({ ...snapshot, settings }));
    });
    choices -= 1;
    store.setState({ choosing: choices > 0, choiceFailure });
    return choiceFailure === null;
  }

  function isActive(id: string, persona: string): boolean {
    const profile = savedProfile(engine, id);
    const chosen = engine.getState().snapshot?.settings.personas ?? {};
    return profile !== undefined && activePersona({ id, profile }, chosen) === persona;
  }

  const store: StoreApi<PersonaState> = createStore<PersonaState>()(() => ({
    choosing: false,
    choiceFailure: null,
    choose,
    add: async (profile, name) => {
      const personas = personasOf(profile);
      const failure = nameFailure(name, personas);
      if (failure !== null) return failure;
      const values = (personas[0]?.values ?? []).map((row) => ({ ...row, value: '' }));
      await setPersonas(profile, [...personas, { name, values }]);
      return null;
    },
    addValues: (profile, name, wanted) => {
      const rows = (persona: PersonaForm) =>
        wanted
          .filter((value) => !persona.values.some((row) => row.name.trim() === value.name))
          .map(({ name, secret }) => ({
            name,
            kind: secret ? ('secret' as const) : ('plain' as const),
            value: '',
          }));
      return setPersonas(
        profile,
        personasOf(profile).map((persona) =>
          persona.name === name ? { ...persona, values: [...persona.values, ...rows(persona)] } : persona,
        ),
      );
    },
    rename: async (profile, from, to) => {
      if (from === to) return null;
      const failure = nameFailure(to, personasOf(profile));
      if (failure !== null) return failure;
      const here = sameProject(engine);
      return attempt(async () => {
        await saveTyped({ drafts, secrets }, profile);
        if (!here()) return;
        await call('profiles.renamePersona', { profile, from, to });
        if (!here()) return;
        // At once, and in what is typed and not saved, so that nothing is saved under the old name.
        update((snapshot) => withRenamed(snapshot, profile, from, to));
        const typed = own(drafts.getState().patches, profile)?.personas;
        if (typed !== undefined) drafts.getState().edit(profile, { personas: renamed(typed, from, to) });
        await engine.getState().readTokens();
      });
    },
    remove: async (profile, persona) => {
      const others = () => personasOf(profile).filter(({ name }) => name !== persona);
      const [next] = others();
      if (next === undefined) return;
      const here = sameProject(engine);
      // One that is gone and still the active one would keep every request from being sent.
      if (isActive(profile, persona) && !(await choose(profile, next.name))) return;
      // Anew: more may have been typed while the choice was on its way.
      if (here()) await setPersonas(profile, others());
    },
  }));
  return store;
}
