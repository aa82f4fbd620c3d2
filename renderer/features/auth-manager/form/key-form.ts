import type { SigningAlgorithm, SigningKey } from '../../../../shared/model/signing-key.ts';
import { algorithmsOf, type KeyFacts } from './key-text.ts';

/** The private keys that a profile can have: the client's, a JWT grant's, and the one of signed requests. */
export type KeyField = 'clientKey' | 'assertionKey' | 'requestKey';

/** A key that nobody has chosen yet. */
export const noKey: SigningKey = { key: '', passphrase: '', algorithm: 'RS256', keyId: '' };

/** The key with an algorithm that it can sign with: the one chosen, the JWK's own, or the first that fits. */
export function fitting(key: SigningKey, facts: KeyFacts): SigningKey {
  const possible = algorithmsOf(facts);
  if (possible === null) return key;
  const own = possible.find((algorithm) => algorithm === facts.algorithm);
  const chosen = possible.includes(key.algorithm) ? key.algorithm : possible[0];
  return { ...key, algorithm: own ?? chosen ?? key.algorithm };
}

/** What is wrong with an algorithm for a key, and what fits; undefined: nothing, or nobody can tell. */
export function algorithmProblem(algorithm: SigningAlgorithm, facts: KeyFacts): string | undefined {
  const possible = algorithmsOf(facts);
  if (possible === null || possible.includes(algorithm)) return undefined;
  const kind = facts.maker === 'RSA' ? 'an RSA key' : `a key on ${facts.maker}`;
  return `This is ${kind}: choose ${possible.length === 1 ? possible[0] : `one of ${possible.join(', ')}`}.`;
}
