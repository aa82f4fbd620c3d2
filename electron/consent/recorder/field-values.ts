import { Secret } from '../../../shared/secret.ts';
import { reveal, type ScriptVars } from '../redact.ts';
import type { Field } from './messages.ts';

/** A value that the script reads and the persona does not have; `differs`: it has another one of this name. */
export interface MissingValue {
  name: string;
  secret: boolean;
  differs: boolean;
}

/**
 * What stands in the script for something that was typed: a value, or the current code of a seed. `held`: whether the
 * persona has it.
 */
export interface Typed {
  kind: 'value' | 'code';
  name: string;
  held: boolean;
}

const wholeCode = /^\d{4,8}$/;
const words = ({ id, name, label }: Field): string =>
  `${id} ${name} ${label}`.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function isPassword(field: Field): boolean {
  return (
    field.type === 'password' ||
    /password/.test(field.autocomplete) ||
    /passwor[dt]|passwd|\bpwd\b|passphrase|passcode|mot de passe|contraseña/.test(words(field))
  );
}

function isCode(field: Field, value: string): boolean {
  if (/one-time-code/.test(field.autocomplete)) return true;
  if (!wholeCode.test(value)) return false;
  if (/otp|\b(mfa|2fa|tan)\b|one.?time|verification|authenticat|security code/.test(words(field)))
    return true;
  if (/(^|\s|[-_])code\b/.test(words(field)) && !/post|zip|country|area/.test(words(field))) return true;
  return field.inputMode === 'numeric' && field.type !== 'password';
}

function isUser(field: Field): boolean {
  return (
    field.besidePassword ||
    /username|email/.test(field.autocomplete) ||
    field.type === 'email' ||
    /user|login|e-?mail|account|benutzer|kennung|identifiant|usuario/.test(words(field))
  );
}

/** A name for what nothing else tells: the field's own. */
function nameFrom(field: Field): string {
  const word = (field.name || field.label || field.id).toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const name = word.replace(/^[_0-9]+|_+$/g, '').slice(0, 40);
  return /^(|proto|persona|environment|profile)$/.test(name) ? 'value' : name;
}

/** A value and how the script reads it. */
export interface KnownValue {
  kind: Typed['kind'];
  name: string;
  value: Secret;
  secret: boolean;
}

/** Finds names for what is typed during one recording. */
export interface FieldValues {
  /** `place` tells fields apart: what is typed again into one keeps its name. */
  typed(place: string, field: Field, value: string): Typed;
  /** A code in boxes. */
  code(): Typed;
  /** What the persona still needs; no value is in it. */
  missing(): MissingValue[];
  /** All that is known by name, the persona's and what was typed: none of it may stand in the script. */
  known(): KnownValue[];
}

/** Makes it, with the values that the persona has. */
export function createFieldValues(vars: ScriptVars): FieldValues {
  const missing = new Map<string, MissingValue>();
  const names = new Map<string, string>();
  /** What was corrected stays in it: a page may have repeated it. */
  const typedValues: KnownValue[] = [];

  function knownName(field: Field, value: string): string | undefined {
    const equal = Object.entries(vars).filter(([, each]) => reveal(each) === value);
    const secret = equal.find(([, each]) => each instanceof Secret);
    return ((isPassword(field) ? secret : undefined) ?? equal[0])?.[0];
  }

  /** A name that no other field of the recording has. */
  function nameFor(place: string, wanted: string): string {
    const before = names.get(place);
    if (before !== undefined) return before;
    const taken = new Set(names.values());
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
    names.set(place, name);
    return name;
  }

  function needed(place: string, wanted: string, value: string, secret: boolean): Typed {
    const name = nameFor(place, wanted);
    missing.set(place, { name, secret, differs: Object.hasOwn(vars, name) });
    typedValues.push({ kind: 'value', name, value: new Secret(value), secret });
    return { kind: 'value', name, held: false };
  }

  function code(): Typed {
    const own = Object.keys(vars).find((name) => /totp|otp|seed|mfa|2fa/i.test(name));
    const name = own ?? 'totp_seed';
    if (own === undefined) missing.set(name, { name, secret: true, differs: false });
    return { kind: 'code', name, held: own !== undefined };
  }

  function typedCode(value: string): Typed {
    const typed = code();
    typedValues.push({ kind: 'code', name: typed.name, value: new Secret(value), secret: false });
    return typed;
  }

  return {
    code,
    typed(place, field, value) {
      if (/one-time-code/.test(field.autocomplete)) return typedCode(value);
      const known = knownName(field, value);
      if (known !== undefined) {
        missing.delete(place);
        return { kind: 'value', name: known, held: true };
      }
      if (isPassword(field) && !(isCode(field, value) && field.type !== 'password')) {
        return needed(place, 'password', value, true);
      }
      if (isCode(field, value)) return typedCode(value);
      return needed(place, isUser(field) ? 'user' : nameFrom(field), value, false);
    },
    missing: () => [...new Map([...missing.values()].map((one) => [one.name, one])).values()],
    known: () => [
      ...Object.entries(vars).map(([name, value]) => ({
        kind: 'value' as const,
        name,
        value: value instanceof Secret ? value : new Secret(value),
        secret: value instanceof Secret,
      })),
      ...typedValues,
    ],
  };
}
