import type { PersonaForm, ValueRow } from './persona-form.ts';
import type { ProfileForm } from './profile-form.ts';

function has({ values }: PersonaForm, name: string): boolean {
  return values.some((row) => row.name.trim() === name.trim());
}

/** The personas, each with a row for its user name and one for its password. */
export function withLoginRows({ personas, userValue, passwordValue }: ProfileForm): PersonaForm[] {
  const wanted: ValueRow[] = [
    { name: userValue, kind: 'plain', value: '' },
    { name: passwordValue, kind: 'secret', value: '' },
  ];
  return personas.map((persona) => ({
    ...persona,
    values: [...persona.values, ...wanted.filter(({ name }) => !has(persona, name))],
  }));
}

/** A word under the field that names a value: which personas have none of this name, or what it is for. */
export function valueHint({ personas }: ProfileForm, name: string, purpose: string): string {
  const without = personas.filter((persona) => !has(persona, name)).map((persona) => persona.name);
  if (without.length === 0) return purpose;
  return `${without.join(', ')} ${without.length === 1 ? 'has' : 'have'} no value of this name yet.`;
}
