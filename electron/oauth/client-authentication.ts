import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  type ClientAuth,
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  TlsClientAuth,
} from 'oauth4webapi';
import { assertNever } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import { incomplete } from './endpoint-url.ts';
import { headerOf, privateKey } from './keys/private-key.ts';
import type { ResolvedClient, ResolvedProfile } from './resolved-profile.ts';

type ClientOf<Kind extends ResolvedClient['kind']> = Extract<ResolvedClient, { kind: Kind }>;

/** How long a client assertion may be used, in seconds; oauth4webapi's own choice too. */
const assertionLifetimeSeconds = 60;

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/**
 * The library's own Basic encodes `-`, `.` and `_` as well: equally right, but the many servers that never decode then
 * refuse a client as plain as `orders-api`. `raw` encodes nothing (RFC 7617), for those that refuse any other as well.
 */
function basicCredentials(id: string, secret: string, encoding: 'form' | 'raw'): string {
  const encode = encoding === 'form' ? formEncoded : (text: string) => text;
  return Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64');
}

/** HTTP Basic (RFC 6749 section 2.3.1). */
function basic(secret: string, encoding: 'form' | 'raw'): ClientAuth {
  return (_server, client, _body, headers) => {
    headers.set('authorization', `Basic ${basicCredentials(client.client_id, secret, encoding)}`);
  };
}

/** The library signs with HS256 alone. */
function secretJwt(
  secret: string,
  algorithm: ClientOf<'client_secret_jwt'>['algorithm'],
  nowMs: () => number,
): ClientAuth {
  return async (server, client, body) => {
    const nowSeconds = Math.floor(nowMs() / 1000);
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(client.client_id)
      .setSubject(client.client_id)
      .setAudience(server.issuer)
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds)
      .setExpirationTime(nowSeconds + assertionLifetimeSeconds)
      .sign(Buffer.from(secret));
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', assertion);
  };
}

async function keyJwt(profile: ResolvedProfile, { key }: ClientOf<'private_key_jwt'>): Promise<ClientAuth> {
  const signing = await privateKey(profile, 'client.key', key);
  return PrivateKeyJwt(signing.key, {
    [modifyAssertion](header) {
      Object.assign(header, headerOf(signing));
    },
  });
}

function secretValue(secret: Secret, profile: ResolvedProfile): string {
  const value = secret.reveal();
  if (value !== '') return value;
  throw incomplete(
    profile,
    'client.secret',
    'Store its value, or choose the client authentication "none" for a public client.',
  );
}

/**
 * How a profile's client proves itself at the endpoints of the server (RFC 6749 section 2.3). A public client sends its
 * id alone, never a secret. The audience of an assertion (RFC 7523 section 3) is the `issuer` that it is called with.
 * Throws `profile_incomplete` when a secret is wanted and has no value, and what `privateKey` throws.
 */
export async function clientAuthentication(
  profile: ResolvedProfile,
  nowMs: () => number = Date.now,
): Promise<ClientAuth> {
  const { client } = profile;
  switch (client.kind) {
    case 'none':
      return None();
    case 'client_secret_basic':
      return basic(secretValue(client.secret, profile), client.encoding ?? 'form');
    case 'client_secret_post':
      return ClientSecretPost(secretValue(client.secret, profile));
    case 'client_secret_jwt':
      return secretJwt(secretValue(client.secret, profile), client.algorithm, nowMs);
    case 'private_key_jwt':
      return keyJwt(profile, client);
    case 'tls_client_auth':
      return TlsClientAuth();
    default:
      return assertNever(client);
  }
}

/** Every form in which the client's secret goes over the wire: none of them may stand in a text. */
export function clientSecrets({ client }: ResolvedProfile): Secret[] {
  if (!('secret' in client)) return [];
  const id = client.id.trim();
  const forms = (['form', 'raw'] as const).map((encoding) =>
    basicCredentials(id, client.secret.reveal(), encoding),
  );
  return [client.secret, ...[...new Set(forms)].map((form) => new Secret(form))];
}
