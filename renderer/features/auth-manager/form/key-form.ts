import type { SigningAlgorithm, SigningKey } from '../../../../shared/model/signing-key.ts';
import { algorithmsOf, type KeyFacts } from './key-text.ts';

/** The private keys that a profile can have: the client's, a JWT grant's, and the one of signed requests. */
export type KeyField = 'clientKey' | 'assertionKey' | 'requestKey';

/** A private key as the form holds it; key and passphrase are `{{variables}}`. */
export interface KeyForm {
  key: string;
  passphrase: string;
  algorithm: SigningAlgorithm;
  keyId: string;
}

/** A key that nobody has chosen yet. */
export const noKey: KeyForm = { key: '', passphrase: '', algorithm: 'RS256', keyId: '' };

/** The form of a key. */
export function keyForm({ key, passphrase, algorithm, keyId }: SigningKey): KeyForm {
  return { key, passphrase, algorithm, keyId };
}

/** The form with an algorithm that the key can sign with: the one chosen, the JWK's own, or the first that fits. */
export function fitting(form: KeyForm, facts: KeyFacts): KeyForm {
  const possible = algorithmsOf(facts);
  if (possible === null) return form;
  const own = possible.find((algorithm) => algorithm === facts.algorithm);
  const chosen = possible.includes(form.algorithm) ? form.algorithm : possible[0];
  return { ...form, algorithm: own ?? chosen ?? form.algorithm };
}

/** What is wrong with an algorithm for a key, and what fits; undefined: nothing, or nobody can tell. */
export function algorithmProblem(algorithm: SigningAlgorithm, facts: KeyFacts): string | undefined {
  const possible = algorithmsOf(facts);
  if (possible === null || possible.includes(algorithm)) return undefined;
  const kind = facts.maker === 'RSA' ? 'an RSA key' : `a key on ${facts.maker}`;
  return `This is ${kind}: choose ${possible.length === 1 ? possible[0] : `one of ${possible.join(', ')}`}.`;
}
