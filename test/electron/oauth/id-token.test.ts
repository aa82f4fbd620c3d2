import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { checkIdToken, type IdTokenExpectations } from '../../../electron/oauth/id-token.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

const nowMs = Date.UTC(2040, 0, 1);
const nowSeconds = nowMs / 1000;
const key = new TextEncoder().encode('a key of thirty-two bytes or more');
const good = {
  iss: 'https://login.example',
  aud: 'app',
  sub: 'ada',
  iat: nowSeconds,
  exp: nowSeconds + 60,
  nonce: 'n',
};

function signed(claims: object, alg = 'HS256'): Promise<string> {
  return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg }).sign(key);
}

async function check(
  token: string,
  overrides: Partial<IdTokenExpectations & { issuer: string | null; algorithms: string[] }> = {},
) {
  const { issuer = good.iss, algorithms = null, ...rest } = overrides;
  const server = {
    issuer,
    authorizationUrl: '',
    tokenUrl: 'https://login.example/token',
    revocationUrl: '',
    introspectionUrl: '',
    endSessionUrl: '',
    deviceAuthorizationUrl: '',
    pushedAuthorizationUrl: '',
    backchannelAuthenticationUrl: '',
    jwksUrl: '',
    mtlsUrls: {},
    announcesIssuer: false,
    idTokenAlgorithms: algorithms,
  };
  await checkIdToken(new Secret(token), {
    server,
    clientId: 'app',
    secrets: [new Secret('s3cret')],
    nonce: new Secret('n'),
    nowMs,
    ...rest,
  });
}

describe('checkIdToken', () => {
  it('accepts a good one, by the clock it is given', async () => {
    await check(await signed({}));
    await check(await signed({ aud: ['app', 'other'], azp: 'app' }));
    await check(await signed({ iat: nowSeconds - 90, exp: nowSeconds - 20 }));
  });

  it('accepts any issuer when none is known, and a slash more or less', async () => {
    await check(await signed({ iss: 'https://any.example' }), { issuer: null });
    await check(await signed({ iss: 'https://login.example/' }));
    await check(await signed({}), { issuer: 'https://login.example/' });
  });

  it('asks for no nonce at a refresh', async () => {
    await check(await signed({ nonce: undefined }), { nonce: null });
    await check(await signed({ nonce: 'of the first' }), { nonce: null });
  });

  it.each([
    [
      'of another issuer',
      { iss: 'https://evil.example' },
      'it says https://evil.example, expected was https://login.example',
    ],
    ['whose issuer is a secret', { iss: 'https://s3cret' }, 'it says https://[secret], expected'],
    ['for another client', { aud: 'other' }, 'audience'],
    ['for more clients', { aud: ['app', 'other'] }, 'audience'],
    ['with another nonce', { nonce: 'marker' }, 'nonce'],
    ['without a nonce', { nonce: undefined }, 'nonce'],
    ['that has expired', { exp: nowSeconds - 60 }, 'expiration'],
    ['without an expiry', { exp: undefined }, 'exp'],
    ['not valid yet', { nbf: nowSeconds + 600 }, 'not before'],
    ['without a subject', { sub: undefined }, 'sub'],
    ['without an issuer', { iss: undefined }, 'iss'],
  ])('refuses one %s', async (_, claims, words) => {
    const token = await signed(claims);
    const error = await failureOf(() => check(token));
    expect(error.code).toBe('token_response_invalid');
    expect(error.message).toContain('The id token of login.example is not valid: ');
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('marker');
  });

  it('refuses an algorithm that the server does not announce', async () => {
    const token = await signed({});
    await check(token, { algorithms: ['HS256'] });
    const error = await failureOf(() => check(token, { algorithms: ['RS256'] }));
    expect([error.code, error.message]).toEqual(['token_response_invalid', expect.stringContaining('alg')]);
  });

  it('refuses one that nobody signed', async () => {
    const error = await failureOf(() => check(new UnsecuredJWT(good).encode()));
    expect([error.code, error.message]).toEqual(['token_response_invalid', expect.stringContaining('alg')]);
  });

  it.each(['', 'x', 'a.b.c', 'e30.e30.', 'e30.e30.e30', 'a.b.c.d.e', 'bnVsbA.bnVsbA.x', '.'.repeat(9)])(
    'refuses the text "%s"',
    async (token) => {
      expect((await failureOf(() => check(token))).code).toBe('token_response_invalid');
    },
  );
});
