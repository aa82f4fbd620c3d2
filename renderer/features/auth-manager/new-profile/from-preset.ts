import { AppError } from '../../../../shared/errors.ts';
import type { Profile } from '../../../../shared/model/profile.ts';
import { referencedVariable } from '../../../../shared/model/variable.ts';
import {
  type Preset,
  type PresetField,
  type PresetValues,
  presets,
  profileOf,
} from '../../../../shared/presets/index.ts';
import { addressOf } from '../../../../shared/presets/preset.ts';
import { redirectUriProblem, scopeProblem, tokenProblem, urlProblem } from '../form/checks.ts';
import { isSecretSlot, type SecretSlot, slotOf, storedText } from '../form/secret-slots.ts';
import { formOf, profileOf as profileOfForm } from '../profile-form.ts';
import { slotVariable } from '../secret-variables.ts';

/** A preset that is filled in. In `values` a secret is only marked as typed: it stands in `secrets` alone. */
export interface FilledPreset {
  preset: Preset;
  values: PresetValues;
  secrets: ReadonlyMap<string, string>;
}

/** A secret on its way into the vault. */
export interface NewSecret {
  slot: SecretSlot;
  variable: string;
  value: string;
}

/** The presets with a text in their name, maker or purpose. */
export function matching(typed: string): Preset[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return presets.filter(({ name, maker, text }) => {
    const all = `${name} ${maker} ${text}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** What stands in the fields of a preset first. */
export function firstValues({ fields }: Preset): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/** What is wrong with a field as it stands, or undefined. */
export function fieldProblem({ name, kind }: PresetField, values: PresetValues): string | undefined {
  const text = values[name] ?? '';
  if (text.trim() === '') return undefined;
  if (name === 'redirectUri') return redirectUriProblem(text);
  if (name === 'scope') return scopeProblem(text);
  return kind === 'address' ? urlProblem(addressOf(values, name)) : undefined;
}

/** What is wrong with a secret of a preset as it is typed, or undefined. */
export function secretProblem(name: string, typed: string): string | undefined {
  return name === 'clientSecret' ? undefined : tokenProblem(typed);
}

/**
 * The profile that a filled preset comes to, its secrets as references, and those secrets. Throws `profile_incomplete` when
 * a value cannot stand in a profile.
 */
export function fromPreset(
  id: string,
  name: string,
  { preset, values, secrets }: FilledPreset,
): { profile: Profile; stored: NewSecret[] } {
  const made = profileOf(preset, name, values);
  let form = formOf(made);
  const stored: NewSecret[] = [];
  for (const [slot, typed] of secrets) {
    if (!isSecretSlot(slot) || typed.trim() === '') continue;
    const named = referencedVariable(typed.trim());
    const variable = named ?? slotVariable(id, form, slot);
    form = { ...form, ...slotOf(slot).write(form, `{{${variable}}}`) };
    if (named === undefined) stored.push({ slot, variable, value: storedText(slot, typed) });
  }
  const built = profileOfForm(form, made);
  if (built.kind === 'valid') return { profile: built.value, stored };
  throw new AppError(
    'profile_incomplete',
    `The profile cannot be made: ${Object.values(built.issues).join(', ')}.`,
    {
      action: 'Correct what was filled in.',
    },
  );
}
