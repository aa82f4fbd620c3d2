import type { ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientCredentials, refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../../shared/secret.ts';
import { testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../../fixtures/web-server.ts';

const key = new TextEncoder().encode('a key of thirty-two bytes or more');
let server: WebServer;
let body: object;
beforeAll(async () => {
  server = await startWebServer((_, response: ServerResponse) => sendJson(response, body));
});
afterAll(() => server.close());

async function idToken(claims: object): Promise<string> {
  const seconds = Math.round(Date.now() / 1000);
  const all = {
    iss: 'https://a.example',
    aud: 'orders-app',
    sub: 'ada',
    iat: seconds,
    exp: seconds + 60,
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg: 'HS256' }).sign(key);
}

/** The findings on the id token of a grant, or of a refresh, from a server of this issuer. */
async function found(answer: object, issuer: string, refresh = false): Promise<string[]> {
  body = { access_token: 'access-1', token_type: 'Bearer', expires_in: 60, ...answer };
  const grant = { kind: 'client_credentials' } as const;
  const profile = testProfile({ grant, server: { issuer, tokenUrl: `${server.url}/token` } });
  const context = testContext();
  const { findings, idToken: read } = refresh
    ? await refreshTokens(profile, new Secret('r'), context)
    : await clientCredentials(profile, context);
  expect(read).not.toBeNull();
  return findings.map(({ code }) => code).filter((code) => code.startsWith('id_token'));
}

it('are none for an id token as it should be', async () => {
  expect(await found({ id_token: await idToken({}) }, 'https://a.example')).toEqual([]);
});

it('tell of an issuer that differs by a slash, and of one that could not be compared', async () => {
  const token = { id_token: await idToken({ iss: 'https://a.example/' }) };
  expect(await found(token, 'https://a.example')).toEqual(['id_token_issuer_slash']);
  expect(await found(token, '')).toEqual(['id_token_issuer_unchecked']);
  const ofTenant = { id_token: await idToken({ iss: 'https://a.example/72f9/v2.0' }) };
  expect(await found(ofTenant, 'https://a.example/{tenantid}/v2.0')).toEqual([]);
});

it('tell of a nonce at a refresh', async () => {
  const token = { id_token: await idToken({ nonce: 'n' }) };
  expect(await found(token, 'https://a.example', true)).toEqual(['id_token_nonce_at_refresh']);
});

it('tell of an id token by another name', async () => {
  expect(await found({ idToken: await idToken({}) }, 'https://a.example')).toEqual(['id_token_renamed']);
});
