import { useProject, useSnapshot } from '../../api/use-engine.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { commonPersona } from './personas.ts';
import { usePersonaStore } from './stores.ts';

/** Chooses a persona for every profile that has one of this name; not there while no profile has more than one. */
export function PersonaMenu({ className }: { className?: string | undefined }) {
  const profiles = useProject((project) => project.profiles);
  const chosen = useSnapshot(({ settings }) => settings.personas);
  const choose = usePersonaStore((state) => state.choose);
  const common = commonPersona(profiles, chosen);
  if (common === null) return null;
  return (
    <SelectField
      label="Persona of every profile"
      labelHidden
      lead="Persona"
      className={className}
      value={common.active}
      placeholder="mixed"
      options={common.names.map((name) => ({ value: name, label: name }))}
      onChange={(name) => void choose(null, name)}
    />
  );
}
