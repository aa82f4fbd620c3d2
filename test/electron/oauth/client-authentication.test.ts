import { readFile } from 'node:fs/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ClientAuth } from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import { clientAuthentication, clientSecrets } from '../../../electron/oauth/client-authentication.ts';
import type { ResolvedClient } from '../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testProfile } from '../../fixtures/oauth-profile.ts';

async function sent(client: ResolvedClient) {
  const body = new URLSearchParams();
  const headers = new Headers();
  const authenticate: ClientAuth = await clientAuthentication(testProfile({ client }));
  await authenticate({ issuer: 'https://login.example' }, { client_id: client.id }, body, headers);
  return { body: Object.fromEntries(body), header: headers.get('authorization') };
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

describe('clientAuthentication', () => {
  it('sends the id of a public client, and no secret', async () => {
    expect(await sent({ kind: 'none', id: 'app' })).toEqual({ body: { client_id: 'app' }, header: null });
    expect(clientSecrets(testProfile())).toEqual([]);
  });

  it('sends id and secret in the body', async () => {
    const client = { kind: 'client_secret_post', id: 'app', secret: new Secret('s&=+ ü') } as const;
    expect(await sent(client)).toEqual({ body: { client_id: 'app', client_secret: 's&=+ ü' }, header: null });
  });

  it.each([
    ['orders-api.v2_x', 'plain-secret', 'orders-api.v2_x:plain-secret'],
    ['a:b', 'c:d', 'a%3Ab:c%3Ad'],
    ['ü id', '100% +&="ß', '%C3%BC+id:100%25+%2B%26%3D%22%C3%9F'],
  ])('form-encodes "%s" and "%s" for Basic', async (id, secret, credentials) => {
    const client = { kind: 'client_secret_basic', id, secret: new Secret(secret) } as const;
    expect(await sent(client)).toEqual({ body: {}, header: basic(credentials) });
    const wire = clientSecrets(testProfile({ client })).map((form) => form.reveal());
    expect(wire).toEqual(expect.arrayContaining([secret, basic(credentials).slice('Basic '.length)]));
  });

  it.each([
    ['a:b', 'c:d', 'a:b:c:d'],
    ['ü id', '100% +&="ß', 'ü id:100% +&="ß'],
  ])('leaves "%s" and "%s" as they are for a server that never decodes', async (id, secret, credentials) => {
    const client = {
      kind: 'client_secret_basic',
      id,
      secret: new Secret(secret),
      encoding: 'raw',
    } as const;
    expect(await sent(client)).toEqual({ body: {}, header: basic(credentials) });
    const wire = clientSecrets(testProfile({ client })).map((form) => form.reveal());
    expect(wire).toEqual(expect.arrayContaining([secret, basic(credentials).slice('Basic '.length)]));
  });

  it('sends the id alone where a certificate proves the client', async () => {
    expect(await sent({ kind: 'tls_client_auth', id: 'app' })).toEqual({
      body: { client_id: 'app' },
      header: null,
    });
  });

  it('shows the certificate of a key in the header of the assertion, as Microsoft wants it', async () => {
    const p12 = await readFile(new URL('../../fixtures/keys/rsa.p12', import.meta.url));
    const stored = {
      ...{ key: new Secret(p12.toString('base64')), passphrase: new Secret('open sesame') },
      ...({ algorithm: 'PS256', keyId: 'k1' } as const),
    } as const;
    const client = { kind: 'private_key_jwt', id: 'app', key: stored, audience: 'issuer' } as const;
    const { body } = await sent(client);
    const { client_assertion = '', ...rest } = body;
    expect(rest).toEqual({
      client_id: 'app',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(decodeProtectedHeader(client_assertion)).toEqual({
      ...{ alg: 'PS256', kid: 'k1' },
      ...{ x5t: expect.stringMatching(/^[\w-]{27}$/), 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) },
    });
    const { iss, sub, aud, exp = 0, iat = 0, jti } = decodeJwt(client_assertion);
    expect([iss, sub, aud, exp - iat]).toEqual(['app', 'app', 'https://login.example', 60]);
    expect(decodeJwt((await sent(client)).body.client_assertion ?? '').jti).not.toBe(jti);
  });

  it('survives a secret of broken characters', async () => {
    expect(
      (await sent({ kind: 'client_secret_basic', id: 'a', secret: new Secret('\ud800\u0000') })).header,
    ).toBe(basic('a:%EF%BF%BD%00'));
  });

  it.each(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'] as const)(
    'asks for the secret that %s lacks',
    async (kind) => {
      const jwt = { algorithm: 'HS256', audience: 'issuer' } as const;
      const client = {
        kind,
        id: 'app',
        secret: new Secret(''),
        ...(kind === 'client_secret_jwt' ? jwt : {}),
      };
      const error = await failureOf(() => sent(client as ResolvedClient));
      expect([error.code, error.details?.field]).toEqual(['profile_incomplete', 'client.secret']);
    },
  );
});
