import styles from './persona.module.css';
import { PersonaChoice } from './persona-choice.tsx';
import { personaNames } from './personas.ts';
import { usePersona, usePersonaStore, useProfile } from './stores.ts';

/** Which persona of a profile is the active one; not there while a profile has only one. */
export function PersonaSwitch({ profile }: { profile: string }) {
  const saved = useProfile(profile)?.profile;
  const active = usePersona(profile);
  const choose = usePersonaStore((state) => state.choose);
  const names = saved === undefined ? [] : personaNames(saved, active);
  if (names.length < 2) return null;
  return (
    <div className={styles.switch}>
      <span className={styles.label} aria-hidden="true">
        Persona
      </span>
      <PersonaChoice
        label="Persona"
        profile={profile}
        names={names}
        value={active}
        onChange={(name) => void choose(profile, name)}
      />
    </div>
  );
}
