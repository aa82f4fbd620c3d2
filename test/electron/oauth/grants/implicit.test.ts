import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../../electron/oauth/discovery.ts';
import { implicitGrant } from '../../../../electron/oauth/grants/implicit.ts';
import type { ResponseMode } from '../../../../shared/model/grant.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext } from '../../../fixtures/oauth-profile.ts';
import type { OidcServer } from '../../../fixtures/oidc-server.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';
import {
  frontConsent,
  frontIdToken,
  frontIssuer,
  frontPending,
  frontProfile,
  frontRedirectUri,
  halfHash,
  startFrontChannelServer,
  withParameter,
} from './front-channel-server.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startFrontChannelServer();
});
afterAll(() => server.close());

describe('implicitGrant', () => {
  it.each<ResponseMode>(['default', 'fragment', 'form_post'])(
    'takes access token and id token from a real server by the response mode %s',
    async (responseMode) => {
      const context = testContext();
      const profile = frontProfile(server, 'id_token token', { responseMode });
      const { pending, capture } = await frontConsent(profile, context);
      expect(capture.formBody === null).toBe(responseMode !== 'form_post');
      const answer = await implicitGrant(profile, pending, capture, context);
      expect(answer).toMatchObject({ tokenType: 'Bearer', refreshToken: null, subject: 'ada' });
      expect(answer.scope).toBe('openid orders');
      expect(answer.accessExpiresAtMs).toBe(answer.receivedAtMs + 300_000);
      expect(answer.idToken?.reveal()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(answer.accessToken.reveal()).not.toBe(answer.idToken?.reveal());
    },
  );

  it('takes the id token in place of an access token when no other was asked for', async () => {
    const context = testContext();
    const profile = frontProfile(server, 'id_token');
    const { pending, capture } = await frontConsent(profile, context);
    const answer = await implicitGrant(profile, pending, capture, context);
    expect(answer.accessToken.reveal()).toBe(answer.idToken?.reveal());
    expect(answer.subject).toBe('ada');
    const lifetimeMs = (answer.accessExpiresAtMs ?? 0) - answer.receivedAtMs;
    expect(Math.abs(lifetimeMs - 600_000)).toBeLessThan(5_000);
  });

  it('checks a signature that is made with the secret of the client', async () => {
    const context = testContext();
    const profile = frontProfile(server, 'id_token', { hmac: true });
    const { pending, capture } = await frontConsent(profile, context);
    expect((await implicitGrant(profile, pending, capture, context)).subject).toBe('ada');
    const secret = new Secret('another secret, of no use at all');
    const other = { ...profile, client: { ...profile.client, kind: 'client_secret_post' as const, secret } };
    const error = await failureOf(() => implicitGrant(other, pending, capture, context));
    expect([error.code, error.message]).toEqual([
      'token_response_invalid',
      expect.stringContaining('its signature is not by the key'),
    ]);
  });

  it('refuses an access token that is not the one the id token came with, and an id token of another consent', async () => {
    const context = testContext();
    const profile = frontProfile(server, 'id_token token');
    const { pending, capture } = await frontConsent(profile, context);
    const swapped = withParameter(capture, 'access_token', 'another-marker');
    const error = await failureOf(() => implicitGrant(profile, pending, swapped, context));
    expect([error.code, error.message]).toEqual([
      'token_response_invalid',
      expect.stringContaining('its at_hash is not that of the access token beside it'),
    ]);
    expect(JSON.stringify(error.toWire())).not.toContain('another-marker');

    const other = { ...pending, nonce: new Secret('other-nonce-marker') };
    const replayed = await failureOf(() => implicitGrant(profile, other, capture, context));
    expect([replayed.code, replayed.message]).toEqual([
      'token_response_invalid',
      expect.stringContaining('nonce'),
    ]);
    expect(JSON.stringify(replayed.toWire())).not.toContain('nonce-marker');
  });

  it.each([
    ['another signature', (token: string) => `${token.slice(0, -12)}AAAAAAAAAAAA`, 'its signature is not by'],
    ['no signature', (token: string) => unsigned(token), 'alg'],
    ['nonsense', () => 'no.jwt', 'is not valid'],
  ])('refuses an id token with %s', async (_, spoil, words) => {
    const context = testContext();
    const profile = frontProfile(server, 'id_token');
    const { pending, capture } = await frontConsent(profile, context);
    const token = new URLSearchParams(new URL(capture.url).hash.slice(1)).get('id_token') ?? '';
    const spoilt = spoil(token);
    const error = await failureOf(() =>
      implicitGrant(profile, pending, withParameter(capture, 'id_token', spoilt), context),
    );
    expect([error.code, error.message]).toEqual(['token_response_invalid', expect.stringContaining(words)]);
    expect(JSON.stringify(error.toWire())).not.toContain(spoilt);
  });

  it('says so when the keys of the server cannot be had', async () => {
    const context = testContext();
    const issuer = frontProfile(server, 'id_token');
    const profile = { ...issuer, server: { ...issuer.server, jwksUrl: `${server.url}/nothing-here` } };
    const { pending, capture } = await frontConsent(profile, context);
    const error = await failureOf(() => implicitGrant(profile, pending, capture, context));
    expect([error.code, error.message]).toEqual([
      'token_response_invalid',
      expect.stringMatching(/its signature cannot be checked: .* HTTP 404 for its keys/),
    ]);
  });

  it('takes an access token alone, its numbers being texts, without asking anybody', async () => {
    const profile = frontProfile(server, 'token', { server: { issuer: 'http://127.0.0.1:1' } });
    const pending = frontPending('token', { nonce: null, issuer: null });
    const fragment =
      'access_token=at-1&token_type=bearer&expires_in=3600&scope=a+b&state=s1&refresh_token=no&session_state=x';
    const capture = { url: `${frontRedirectUri}#${fragment}`, formBody: null };
    const answer = await implicitGrant(
      profile,
      pending,
      capture,
      testContext(() => 5_000),
    );
    expect(answer).toMatchObject({ scope: 'a b', refreshToken: null, idToken: null, receivedAtMs: 5_000 });
    expect([answer.accessToken.reveal(), answer.accessExpiresAtMs]).toEqual(['at-1', 3_605_000]);
    expect(answer.findings.map(({ code }) => code)).toEqual([]);
    const inQuery = { url: capture.url.replace('#', '?'), formBody: null };
    const told = await implicitGrant(profile, pending, inQuery, testContext());
    expect(told.findings).toMatchObject([{ code: 'redirect_token_in_query', severity: 'high' }]);
  });

  it('refuses an id token that does not say what it was issued with, or that is of another state', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256' }] };
    const plain = await startWebServer((_, response) => sendJson(response, keys));
    const profile = frontProfile(server, 'id_token token', {
      server: { issuer: frontIssuer, jwksUrl: plain.url },
    });
    const pending = frontPending('id_token token');
    const take = async (claims: Record<string, string>) => {
      const idToken = await frontIdToken(privateKey, claims);
      const url = `${frontRedirectUri}#access_token=at&token_type=Bearer&state=s1&id_token=${idToken}`;
      return implicitGrant(profile, pending, { url, formBody: null }, testContext());
    };
    expect((await failureOf(() => take({}))).message).toContain('it has no at_hash');
    expect((await take({ at_hash: halfHash('at') })).accessToken.reveal()).toBe('at');
    expect((await take({ at_hash: halfHash('at'), s_hash: halfHash('s1') })).accessToken.reveal()).toBe('at');
    const error = await failureOf(() => take({ at_hash: halfHash('at'), s_hash: halfHash('s2') }));
    expect(error.message).toContain('its s_hash is not that of the state beside it');
    await plain.close();
  });

  it('takes only the algorithms that the server announces, so that a secret which every copy of an app has signs nothing', async () => {
    const secret = 'a secret that is long enough for it';
    const idToken = await frontIdToken(new TextEncoder().encode(secret), { sub: 'eve' }, 'HS256');
    const own = frontProfile(server, 'id_token', { server: { issuer: frontIssuer } });
    const client = { kind: 'client_secret_post', id: 'front', secret: new Secret(secret) } as const;
    const pending = frontPending('id_token');
    const capture = { url: `${frontRedirectUri}#state=s1&id_token=${idToken}`, formBody: null };
    const context = testContext();
    expect((await implicitGrant({ ...own, client }, pending, capture, context)).subject).toBe('eve');
    const told = await discover(server.url, testContext());
    context.discovered.set(frontIssuer, {
      ...{ ...told, announcesIssuer: false, idTokenAlgorithms: ['RS256'], mtlsUrls: {}, findings: [] },
    });
    const refused = await failureOf(() => implicitGrant({ ...own, client }, pending, capture, context));
    expect([refused.code, refused.message]).toEqual([
      'token_response_invalid',
      expect.stringContaining('"alg"'),
    ]);
  });
});

function unsigned(token: string): string {
  const [, payload = ''] = token.split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
}
