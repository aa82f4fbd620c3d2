import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type PrivateKey, privateKey } from '../../../../electron/oauth/keys/private-key.ts';
import type { ResolvedKey } from '../../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../../shared/secret.ts';
import { testProfile } from '../../../fixtures/oauth-profile.ts';

/** Of the locked keys, and of the PKCS#12 files. */
export const passphrase = 'open sesame';
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const ed25519 = generateKeyPairSync('ed25519');

export function pem(key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1', locked = false): string {
  const cipher = locked ? { cipher: 'aes-256-cbc', passphrase } : {};
  return key.export({ type, format: 'pem', ...cipher }).toString();
}

/** A key as it is stored; by default for RS256, without passphrase and key id. */
export function resolved(
  key: string,
  changes: Partial<Omit<ResolvedKey, 'key' | 'passphrase'>> & { passphrase?: string } = {},
): ResolvedKey {
  const { passphrase: opens = '', ...rest } = changes;
  const settings = { algorithm: 'RS256', keyId: '', ...rest } as const;
  return { key: new Secret(key), passphrase: new Secret(opens), ...settings };
}

/** A file of the test keys in base64: see fixtures/keys/make.sh. */
export async function p12(name: string): Promise<string> {
  return (await readFile(new URL(`../../../fixtures/keys/${name}.p12`, import.meta.url))).toString('base64');
}

export const read = (key: ResolvedKey): Promise<PrivateKey> => privateKey(testProfile(), 'client.key', key);
