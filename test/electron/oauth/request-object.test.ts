import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { newDpopKey } from '../../../electron/oauth/dpop.ts';
import type { Parameters } from '../../../electron/oauth/parameters.ts';
import { requestObject } from '../../../electron/oauth/request-object.ts';
import type { ResolvedKey } from '../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testProfile } from '../../fixtures/oauth-profile.ts';
import { ed25519, p12, passphrase, pem, resolved } from './keys/stored-keys.ts';

let key: ResolvedKey;
beforeAll(async () => {
  key = { key: await newDpopKey('ES256'), passphrase: new Secret(''), algorithm: 'ES256', keyId: '' };
});

async function claimsOf(parameters: Parameters) {
  const issuer = 'https://id.example';
  const profile = testProfile({
    parameters: parameters.map(([name, value]) => ({ name, value, in: 'query', to: ['authorization'] })),
  });
  return decodeJwt(await requestObject(profile, key, { clientId: 'app', issuer, parameters }));
}

describe('requestObject', () => {
  it('has a list of what stands several times, whatever its name', async () => {
    const claims = await claimsOf([
      ['audience', 'https://a.example'],
      ['resource', 'urn:1'],
      ['scope', 'openid'],
      ['audience', 'https://b.example'],
      ['resource', 'urn:2'],
      ['audience', 'https://a.example'],
      ['one', 'alone'],
    ]);
    expect(claims).toMatchObject({
      ...{ aud: 'https://id.example', iss: 'app', client_id: 'app', scope: 'openid', one: 'alone' },
      audience: ['https://a.example', 'https://b.example', 'https://a.example'],
      resource: ['urn:1', 'urn:2'],
    });
  });

  it('keeps its own claims beside parameters of the same names', async () => {
    const claims = await claimsOf([
      ['aud', 'x'],
      ['aud', 'y'],
      ['iss', 'x'],
      ['iss', 'y'],
    ]);
    expect(claims).toMatchObject({ aud: 'https://id.example', iss: 'app' });
  });

  it('carries what its key is found by, the thumbprints of its certificate too', async () => {
    const asked = { clientId: 'app', issuer: 'https://id.example', parameters: [] };
    const headerBy = async (by: ResolvedKey) =>
      decodeProtectedHeader(await requestObject(testProfile(), by, asked));
    const typ = 'oauth-authz-req+jwt';
    const certified = resolved(await p12('rsa'), { passphrase, algorithm: 'PS256', keyId: 'k1' });
    expect(await headerBy(certified)).toEqual({
      ...{ alg: 'PS256', typ, kid: 'k1', x5t: expect.stringMatching(/^[\w-]{27}$/) },
      'x5t#S256': expect.stringMatching(/^[\w-]{43}$/),
    });
    const plain = resolved(pem(ed25519.privateKey, 'pkcs8'), { algorithm: 'EdDSA' });
    expect(await headerBy(plain)).toEqual({ alg: 'EdDSA', typ });
  });

  it.each([
    ['claims', '{"userinfo":{}}'],
    ['max_age', '60'],
    ['authorization_details', '[]'],
  ])('signs none of two %s, which can be there once alone', async (name, value) => {
    const error = await failureOf(() =>
      claimsOf([
        ['prompt', 'login'],
        [name, value],
        [name, value],
      ]),
    );
    expect([error.code, error.details?.field]).toEqual(['parameter_invalid', 'parameters.1']);
    expect(error.message).toContain('several times');
    expect((await claimsOf([[name, value]]))[name]).toEqual(JSON.parse(value));
  });
});
