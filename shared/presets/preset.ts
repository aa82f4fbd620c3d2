import type { z } from 'zod';
import { type Profile, profileSchema } from '../model/profile.ts';

/** One thing that a person fills in to get a profile from a preset. A text may hold `{{variables}}`. */
export interface PresetField {
  /** For example `tenant`. A secret (`clientSecret`, `refreshToken`) is stored in the vault: the profile refers to it. */
  name: string;
  label: string;
  /** Where to find it, in a tester's words. */
  hint: string;
  /** Shown where nothing is typed yet. */
  example: string;
  /** What stands there first; empty: nothing. */
  value: string;
  /** Whether it may be left empty. */
  optional: boolean;
  kind: 'text' | 'address' | 'secret';
}

/** What a preset makes of its fields. A secret is no part of it. */
export type PresetValues = Readonly<Record<string, string>>;

/** How to get tokens from one maker's authorization server, but for the few things that differ from one to the next. */
export interface Preset {
  id: string;
  name: string;
  maker: string;
  /** When to take it, in one line. */
  text: string;
  /** The maker's own page on it. */
  documentation: string;
  fields: readonly PresetField[];
  /** What a tester must know or set at the server. */
  notes: readonly string[];
  /** The profile but for its name. */
  settings: (values: PresetValues) => Omit<z.input<typeof profileSchema>, 'name'>;
}

type FieldGiven = Pick<PresetField, 'name' | 'label' | 'hint'> & Partial<PresetField>;

/** A field of text that must be filled in, unless it is said otherwise. */
export function field(given: FieldGiven): PresetField {
  return { example: '', value: '', optional: false, kind: 'text', ...given };
}

export const clientIdField = field({
  name: 'clientId',
  label: 'Client ID',
  hint: 'As the server shows it where the client is registered.',
});

/** Left empty, the client is a public one. */
export const optionalSecretField = field({
  name: 'clientSecret',
  label: 'Client secret',
  hint: 'Stored in your vault. Leave it empty for a public client.',
  optional: true,
  kind: 'secret',
});

export const secretField = field({
  name: 'clientSecret',
  label: 'Client secret',
  hint: 'Stored in your vault, never in the project.',
  kind: 'secret',
});

/** The scope values to ask for, with those that the server needs for a refresh token. */
export function scopeField(value: string, hint: string): PresetField {
  return field({ name: 'scope', label: 'Scope', hint, value, optional: true });
}

/** Where the server sends the person back to; the app catches it, so that nothing needs to listen there. */
export function redirectField(value: string): PresetField {
  return field({
    name: 'redirectUri',
    label: 'Redirect URI',
    hint: 'Exactly as it is registered at the server. The app catches it: nothing needs to run there.',
    value,
    kind: 'address',
  });
}

export const loopback = 'http://127.0.0.1/callback';

/** One value of a preset, without blanks around it; empty when it is not there. */
export function textOf(values: PresetValues, name: string): string {
  return (values[name] ?? '').trim();
}

/** An address without slashes at its end; a bare host gets `https://`. */
export function addressOf(values: PresetValues, name: string): string {
  const text = textOf(values, name).replace(/\/+$/, '');
  return text === '' || /^[a-z]+:\/\//i.test(text) || text.startsWith('{{') ? text : `https://${text}`;
}

/** The client with a secret where one is typed, else a public one. */
export function clientOf(
  values: PresetValues,
  kind: 'client_secret_basic' | 'client_secret_post',
): z.input<typeof profileSchema>['client'] {
  const id = textOf(values, 'clientId');
  return textOf(values, 'clientSecret') === '' ? { kind: 'none', id } : { kind, id, secret: '' };
}

/** The authorization code grant of a preset's redirect URI. */
export function codeGrant(values: PresetValues): z.input<typeof profileSchema>['grant'] {
  return { kind: 'authorization_code', redirectUri: textOf(values, 'redirectUri') };
}

/** The fields of a preset that are still to be filled in, by name. */
export function missingFields(preset: Preset, values: PresetValues): string[] {
  return preset.fields
    .filter(({ name, optional }) => !optional && textOf(values, name) === '')
    .map(({ name }) => name);
}

/** The profile that a preset comes to. Throws a `ZodError` for a name that cannot be one. */
export function profileOf(preset: Preset, name: string, values: PresetValues): Profile {
  return profileSchema.parse({ ...preset.settings(values), name });
}
