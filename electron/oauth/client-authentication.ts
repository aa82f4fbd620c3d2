import { type ClientAuth, ClientSecretPost, None } from 'oauth4webapi';
import { assertNever } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import { incomplete } from './endpoint-url.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/**
 * The library's own Basic encodes `-`, `.` and `_` as well: equally right, but the many servers that never decode then
 * refuse a client as plain as `orders-api`.
 */
function basicCredentials(id: string, secret: string): string {
  return Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64');
}

/** HTTP Basic with form-encoded parts (RFC 6749 section 2.3.1), encoding no more than a form does. */
function basic(secret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    headers.set('authorization', `Basic ${basicCredentials(client.client_id, secret)}`);
  };
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
 * How a profile's client proves itself at the token endpoint (RFC 6749 section 2.3). A public client sends its id
 * alone, never a secret. Throws `profile_incomplete` when a secret is wanted and has no value.
 */
export function clientAuthentication(profile: ResolvedProfile): ClientAuth {
  const { client } = profile;
  switch (client.kind) {
    case 'none':
      return None();
    case 'client_secret_basic':
      return basic(secretValue(client.secret, profile));
    case 'client_secret_post':
      return ClientSecretPost(secretValue(client.secret, profile));
    case 'client_secret_jwt':
    case 'private_key_jwt':
    case 'tls_client_auth':
      throw new Error('unfinished');
    default:
      return assertNever(client);
  }
}

/** Every form in which the client's secret goes over the wire: none of them may stand in a text. */
export function clientSecrets({ client }: ResolvedProfile): Secret[] {
  if (!('secret' in client)) return [];
  return [client.secret, new Secret(basicCredentials(client.id.trim(), client.secret.reveal()))];
}
