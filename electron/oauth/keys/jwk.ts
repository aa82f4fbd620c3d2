import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../json-body.ts';
import { KeyProblem } from './key-problem.ts';
import { readPem } from './pem.ts';
import type { StoredKey } from './stored-key.ts';

const jwkSchema = z.looseObject({ kty: z.string(), kid: z.string().optional().catch(undefined) });
const jwkSetSchema = z.object({ keys: z.array(jwkSchema).min(1) });
/** What Google gives for a service account: a key in PEM among other things. */
const serviceAccountSchema = z.object({ private_key: z.string(), private_key_id: z.string().optional() });

const wanted = 'Store one private key as a JSON Web Key: kty, its public members, and d.';

function chosen(keys: z.infer<typeof jwkSchema>[], keyId: string): z.infer<typeof jwkSchema> {
  const named = keys.filter(({ kid }) => kid === keyId);
  const [only, ...others] = named.length > 0 ? named : keys;
  if (only !== undefined && others.length === 0) return only;
  throw new KeyProblem(
    'key_invalid',
    `is a set of ${keys.length} keys, and the Key ID says of none of them that it is meant`,
    'Store one of the keys, or write the kid of one into Key ID.',
  );
}

/** Whether a JSON Web Key is meant, whole or not. */
export function looksLikeJwk(text: string): boolean {
  return text.startsWith('{');
}

/**
 * Reads a private JSON Web Key (RFC 7517 section 4), the right one of a set (section 5), or the file of a Google service
 * account. `keyId` chooses within a set. Throws `KeyProblem`.
 */
export function readJwk(text: string, keyId: string): StoredKey {
  const json = parseJson(text);
  if (json === undefined)
    throw new KeyProblem('key_invalid', 'begins like a JSON Web Key, and is not valid JSON', wanted);
  const account = serviceAccountSchema.safeParse(json);
  if (account.success) {
    return { ...readPem(account.data.private_key, ''), keyId: account.data.private_key_id ?? null };
  }
  const set = jwkSetSchema.safeParse(json);
  const one = set.success ? chosen(set.data.keys, keyId) : jwkSchema.safeParse(json).data;
  if (one === undefined) throw new KeyProblem('key_invalid', 'is JSON, and no JSON Web Key', wanted);
  if (one.kty === 'oct') throw new KeyProblem('key_invalid', 'is a symmetric key, not a private one', wanted);
  if (!('d' in one))
    throw new KeyProblem('key_invalid', 'is a public key: its member d is not there', wanted);
  try {
    return { key: createPrivateKey({ key: one, format: 'jwk' }), keyId: one.kid ?? null, certificates: [] };
  } catch {
    throw new KeyProblem(
      'key_invalid',
      'is a JSON Web Key that cannot be read: a member is missing or wrong',
      wanted,
    );
  }
}
