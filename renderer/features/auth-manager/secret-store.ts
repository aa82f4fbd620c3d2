import { createStore, type StoreApi } from 'zustand/vanilla';
import { referencedVariable } from '../../../shared/model/variable.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject, sameProject } from '../../api/on-other-project.ts';
import { fitting } from './form/key-form.ts';
import { type KeyFacts, keyFacts } from './form/key-text.ts';
import { keyFieldOf, type SecretSlot, slotOf, storedText } from './form/secret-slots.ts';
import type { ManagerState } from './manager-store.ts';
import type { ValueRow } from './persona-form.ts';
import { type ProfileDrafts, profileForm } from './profile-drafts.ts';
import type { ProfileForm } from './profile-form.ts';
import { freeVariable, slotVariable } from './secret-variables.ts';

/** Secrets of a profile on their way into the vault, where their `{{variable}}` takes their place in the profile. */
export interface SecretState {
  /** What is known of private keys that were stored from this window, by `storedKey`; nothing of a key itself. */
  keys: Record<string, KeyFacts>;
  /** A failure stands in the manager's `failures` at the slot's name. */
  storeSlot(profile: string, slot: SecretSlot, value: string): Promise<boolean>;
  /** Of the persona's row of this name. A failure stands in the manager's `failures` at `valueField(persona, name)`. */
  storeValue(profile: string, persona: string, name: string, value: string): Promise<boolean>;
  /** Forgets the value of a variable. A failure stands in the manager's `failures` at the field. */
  forget(profile: string, field: string, variable: string): Promise<void>;
  /** Waits until nothing of a profile is under way, so that what comes next works with what was typed last. */
  settled(profile: string): Promise<void>;
}

/** The store of secrets. */
export type Secrets = StoreApi<SecretState>;

/** Where the failure of a persona's secret value is kept in the manager's store. */
export function valueField(persona: string, name: string): string {
  return `value:${JSON.stringify([persona, name])}`;
}

/** Under which name the facts of a stored key are kept: in each environment a variable holds a value of its own. */
export function storedKey(variable: string, environment: string | null): string {
  return JSON.stringify([environment, variable]);
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
  manager: StoreApi<ManagerState>;
}

function rowOf(form: ProfileForm, persona: string, name: string): ValueRow | undefined {
  const rows = form.personas.find((entry) => entry.name === persona)?.values;
  return rows?.find((row) => row.name.trim() === name);
}

/** The personas with another row in the place of the one of this name. */
function withRow({ personas }: ProfileForm, persona: string, row: ValueRow): Pick<ProfileForm, 'personas'> {
  const replaced = (old: ValueRow) => (old.name.trim() === row.name ? row : old);
  return {
    personas: personas.map((entry) =>
      entry.name === persona ? { ...entry, values: entry.values.map(replaced) } : entry,
    ),
  };
}

/** Makes the store of secrets. */
export function createSecretStore({ engine, drafts, manager }: Parts): Secrets {
  const underWay = new Map<string, Promise<unknown>>();

  function tracked<Result>(profile: string, work: () => Promise<Result>): Promise<Result> {
    const done = work();
    underWay.set(profile, Promise.allSettled([underWay.get(profile), done]));
    return done;
  }

  /** Variables of secrets that are being stored, each with its field: the form does not name them yet. */
  const reserved = new Map<string, string>();

  /** The variables that are on their way to be another field's. */
  function reservedElsewhere(profile: string, field: string): string[] {
    return [...reserved.keys()].filter((variable) => reserved.get(variable) !== `${profile}:${field}`);
  }

  /** `patch` is made of the form as it stands once the value is stored: more may have been typed meanwhile. */
  async function store(
    profile: string,
    secret: { field: string; variable: string; value: string },
    patch: (form: ProfileForm) => Partial<ProfileForm>,
  ): Promise<boolean> {
    const { field, variable, value } = secret;
    const here = sameProject(engine);
    reserved.set(variable, `${profile}:${field}`);
    try {
      const stored = await manager.getState().storeSecret(profile, field, variable, value);
      const form = stored && here() ? profileForm(engine, drafts, profile) : undefined;
      if (form === undefined) return false;
      drafts.getState().edit(profile, patch(form));
    } finally {
      reserved.delete(variable);
    }
    await drafts.getState().commit(profile);
    return true;
  }

  /** Keeps what is known by then of the key that is in a variable now, null: nothing; none of it for another project. */
  function keyKeeper(variable: string): (facts: KeyFacts | null) => void {
    const here = sameProject(engine);
    const key = storedKey(variable, engine.getState().snapshot?.settings.environment ?? null);
    return (facts) => {
      if (!here()) return;
      const { [key]: _, ...others } = secrets.getState().keys;
      secrets.setState({ keys: facts === null ? others : { ...others, [key]: facts } });
    };
  }

  async function storeSlot(profile: string, slot: SecretSlot, typed: string): Promise<boolean> {
    const value = storedText(slot, typed);
    const form = profileForm(engine, drafts, profile);
    if (form === undefined) return false;
    const { read, write } = slotOf(slot);
    const variable =
      referencedVariable(read(form)) ?? slotVariable(profile, form, slot, reservedElsewhere(profile, slot));
    const field = keyFieldOf(slot);
    const facts = field === null ? null : keyFacts(value);
    const keep = keyKeeper(variable);
    const stored = await store(profile, { field: slot, variable, value }, (now) => {
      const patch = write(now, `{{${variable}}}`);
      return field === null || facts === null
        ? patch
        : { [field]: fitting({ ...now[field], ...patch[field] }, facts) };
    });
    if (stored) keep(facts);
    return stored;
  }

  async function storeValue(profile: string, persona: string, name: string, value: string): Promise<boolean> {
    const form = profileForm(engine, drafts, profile);
    const row = form && rowOf(form, persona, name);
    if (form === undefined || row === undefined) return false;
    const held = row.kind === 'secret' ? referencedVariable(row.value) : undefined;
    const field = valueField(persona, name);
    const variable =
      held ?? freeVariable(profile, form, { persona, name }, reservedElsewhere(profile, field));
    return store(profile, { field, variable, value }, (now) =>
      withRow(now, persona, { name, kind: 'secret', value: `{{${variable}}}` }),
    );
  }

  async function forget(profile: string, field: string, variable: string): Promise<void> {
    const keep = keyKeeper(variable);
    if (await manager.getState().storeSecret(profile, field, variable, '')) keep(null);
  }

  const secrets = createStore<SecretState>()(() => ({
    keys: {},
    storeSlot: (profile, slot, value) => tracked(profile, () => storeSlot(profile, slot, value)),
    storeValue: (profile, persona, name, value) =>
      tracked(profile, () => storeValue(profile, persona, name, value)),
    forget: (profile, field, variable) => tracked(profile, () => forget(profile, field, variable)),
    settled: async (profile) => {
      await underWay.get(profile);
    },
  }));
  onOtherProject(engine, () => secrets.setState({ keys: {} }));
  return secrets;
}
