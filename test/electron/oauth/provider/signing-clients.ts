import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import { type PendingAuthorization, startAuthorization } from '../../../../electron/oauth/authorization.ts';
import type { OAuthContext } from '../../../../electron/oauth/context.ts';
import { exchangeCode } from '../../../../electron/oauth/grants/index.ts';
import type { ResolvedKey, ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import type { TokenAnswer } from '../../../../electron/oauth/token-answer.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';
import { Secret } from '../../../../shared/secret.ts';
import { testContext } from '../../../fixtures/oauth-profile.ts';
import { followToRedirect, oidcRedirectUri } from '../../../fixtures/oidc-server.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A key for each algorithm; those of RSA share one. */
const pairs: Record<SigningAlgorithm, { privateKey: KeyObject; publicKey: KeyObject }> = {
  ...{ RS256: rsa, RS384: rsa, RS512: rsa, PS256: rsa, PS384: rsa, PS512: rsa, ES256: p256 },
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519'),
};

export const keyAlgorithms = Object.keys(pairs) as SigningAlgorithm[];

/** What a client whose id is this algorithm signs with, in PEM. */
export function keyOf(algorithm: SigningAlgorithm, keyId = ''): ResolvedKey {
  const key = pairs[algorithm].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key: new Secret(key), passphrase: new Secret(''), algorithm, keyId };
}

/** A client for each algorithm, whose id that is and whose one key, `k1`, the server knows. */
export function signingClients(
  algorithms: readonly SigningAlgorithm[],
  metadata: (algorithm: SigningAlgorithm) => Partial<ClientMetadata>,
): ClientMetadata[] {
  return algorithms.map((algorithm) => {
    const jwk = { ...pairs[algorithm].publicKey.export({ format: 'jwk' }), alg: algorithm, kid: 'k1' };
    const known = { client_id: algorithm, application_type: 'native', redirect_uris: [oidcRedirectUri] };
    const signed = { id_token_signed_response_alg: 'ES256', jwks: { keys: [jwk] } };
    return { ...known, ...signed, ...metadata(algorithm) } as ClientMetadata;
  });
}

/** The whole authorization code grant, with a person who allows everything. */
export async function byCode(
  profile: ResolvedProfile,
  context: OAuthContext = testContext(),
): Promise<{ pending: PendingAuthorization; answer: TokenAnswer }> {
  const pending = await startAuthorization(profile, oidcRedirectUri, context);
  const url = await followToRedirect(pending.url, oidcRedirectUri);
  return { pending, answer: await exchangeCode(profile, pending, { url, formBody: null }, context) };
}
