import type { ProfileForm } from '../profile-form.ts';
import type { KeyField } from './key-form.ts';

type KeySlot = `${KeyField}.${'key' | 'passphrase'}`;

/** Each place of a profile where a secret stands as a `{{variable}}`, but for the values of personas. */
export type SecretSlot =
  | 'clientSecret'
  | 'refreshToken'
  | 'assertion'
  | 'subjectToken'
  | 'actorToken'
  | KeySlot;

interface Slot {
  /** The end of its variable's name. */
  suffix: string;
  read(form: ProfileForm): string;
  /** What changes in the form when this reference stands there. */
  write(form: ProfileForm, reference: string): Partial<ProfileForm>;
}

function text(
  key: 'clientSecret' | 'refreshToken' | 'assertion' | 'subjectToken' | 'actorToken',
  suffix: string,
): Slot {
  return { suffix, read: (form) => form[key], write: (_form, reference) => ({ [key]: reference }) };
}

function ofKey(key: KeyField, part: 'key' | 'passphrase', suffix: string): Slot {
  return {
    suffix,
    read: (form) => form[key][part],
    write: (form, reference) => ({ [key]: { ...form[key], [part]: reference } }),
  };
}

const slots: Readonly<Record<SecretSlot, Slot>> = {
  clientSecret: text('clientSecret', 'client_secret'),
  refreshToken: text('refreshToken', 'given_refresh_token'),
  assertion: text('assertion', 'assertion'),
  subjectToken: text('subjectToken', 'subject_token'),
  actorToken: text('actorToken', 'actor_token'),
  'clientKey.key': ofKey('clientKey', 'key', 'client_key'),
  'clientKey.passphrase': ofKey('clientKey', 'passphrase', 'client_key_pass'),
  'assertionKey.key': ofKey('assertionKey', 'key', 'grant_key'),
  'assertionKey.passphrase': ofKey('assertionKey', 'passphrase', 'grant_key_pass'),
  'requestKey.key': ofKey('requestKey', 'key', 'request_key'),
  'requestKey.passphrase': ofKey('requestKey', 'passphrase', 'request_key_pass'),
};

const keySlots: Partial<Record<SecretSlot, KeyField>> = {
  'clientKey.key': 'clientKey',
  'assertionKey.key': 'assertionKey',
  'requestKey.key': 'requestKey',
};

/** The private key that a slot holds, or null where it holds something else. */
export function keyFieldOf(slot: SecretSlot): KeyField | null {
  return keySlots[slot] ?? null;
}

/** The slot of a secret. */
export function slotOf(slot: SecretSlot): Slot {
  return slots[slot];
}

/**
 * What is stored of a text for a slot. Blanks around a token or a key came along with the copy; a secret that a person chose
 * may have some.
 */
export function storedText(slot: SecretSlot, typed: string): string {
  return slot === 'clientSecret' || slot.endsWith('.passphrase') ? typed : typed.trim();
}

/** Whether a name is a slot's. */
export function isSecretSlot(name: string): name is SecretSlot {
  return Object.hasOwn(slots, name);
}

/** The references of all secrets in a form, but for the values of personas. */
export function secretReferences(form: ProfileForm): string[] {
  return Object.values(slots).map((slot) => slot.read(form));
}
