import { referencedVariable } from '../../../shared/model/variable.ts';
import { type SecretSlot, secretReferences, slotOf } from './form/secret-slots.ts';
import type { ProfileForm } from './profile-form.ts';

/** A text cut to a length; what was cut off lives on in a checksum, so that two long texts stay apart. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 7)}_${checksum(text)}`;
}

function checksum(text: string): string {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 2_176_782_336;
  return sum.toString(36);
}

/** The id as a variable may be named. */
function variablePrefix(profileId: string, longest: number): string {
  return cut(profileId.replaceAll('-', '_').replace(/^(?=\d)/, '_'), longest);
}

/** A persona's name as a part of a variable's name; one that had to be changed carries a checksum of the whole. */
function personaPart(persona: string): string {
  const plain = persona.replace(/[^A-Za-z0-9_-]+/gu, '_');
  return plain === persona ? cut(plain, 18) : `${plain.slice(0, 11)}_${checksum(persona)}`;
}

/**
 * The variable that stands for a secret value of a persona; null is the profile's first. The dot keeps it apart from
 * all others; two of them from the first persona's, since no value's name begins with a dot.
 */
export function valueVariable(profileId: string, persona: string | null, name: string): string {
  if (persona === null) return `${variablePrefix(profileId, 30)}.${cut(name, 32)}`;
  return `${variablePrefix(profileId, 20)}..${personaPart(persona)}.${cut(name, 22)}`;
}

/** A variable's name that no secret of the profile stands on yet: another one's value would be overwritten. */
function free(wanted: string, form: ProfileForm, reserved: readonly string[]): string {
  const references = [
    ...secretReferences(form),
    ...form.personas.flatMap(({ values }) => values.map(({ value }) => value)),
  ];
  const taken = new Set([...reserved, ...references.map(referencedVariable)]);
  for (let count = 1; ; count += 1) {
    const variable = count === 1 ? wanted : `${wanted.slice(0, 60)}-${count}`;
    if (!taken.has(variable)) return variable;
  }
}

/** The variable for a secret of a slot that has none yet, at most 64 characters. `reserved`: names that are taken too. */
export function slotVariable(
  profileId: string,
  form: ProfileForm,
  slot: SecretSlot,
  reserved: readonly string[] = [],
): string {
  const { suffix } = slotOf(slot);
  return free(`${variablePrefix(profileId, 62 - suffix.length)}_${suffix}`, form, reserved);
}

/** The variable for a value that has none yet; after a persona or a value was renamed, the usual one may be taken. */
export function freeVariable(
  profileId: string,
  form: ProfileForm,
  { persona, name }: { persona: string; name: string },
  reserved: readonly string[] = [],
): string {
  const first = form.personas[0]?.name === persona;
  return free(valueVariable(profileId, first ? null : persona, name), form, reserved);
}
