import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangeCode } from '../../../../electron/oauth/grants/authorization-code.ts';
import type { CodeResponseType, ResponseMode } from '../../../../shared/model/grant.ts';
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

const types: CodeResponseType[] = ['code id_token', 'code token', 'code id_token token'];
const modes: ResponseMode[] = ['default', 'fragment', 'form_post'];

function sent(capture: { url: string; formBody: string | null }): URLSearchParams {
  return new URLSearchParams(capture.formBody ?? new URL(capture.url).hash.slice(1));
}

describe('exchangeCode of a hybrid flow', () => {
  it.each(types.flatMap((type) => modes.map((mode) => [type, mode] as const)))(
    'gets the token for the code from a real server: %s, %s',
    async (type, responseMode) => {
      const context = testContext();
      const profile = frontProfile(server, type, { responseMode });
      const { pending, capture } = await frontConsent(profile, context);
      expect([sent(capture).has('id_token'), sent(capture).has('access_token')]).toEqual([
        type.includes('id_token'),
        / token$/.test(type),
      ]);
      const answer = await exchangeCode(profile, pending, capture, context);
      expect(answer).toMatchObject({ tokenType: 'Bearer', subject: 'ada' });
      expect(answer.accessToken.reveal()).not.toBe(sent(capture).get('access_token'));
      expect(answer.idToken?.reveal()).not.toBe(sent(capture).get('id_token'));
    },
  );

  it('takes a code alone by form_post, and by a fragment', async () => {
    for (const responseMode of ['form_post', 'fragment', 'query'] as const) {
      const context = testContext();
      const profile = frontProfile(server, 'code', { responseMode });
      const { pending, capture } = await frontConsent(profile, context);
      const { hash, search } = new URL(capture.url);
      expect([capture.formBody !== null, hash !== '', search !== '']).toEqual([
        responseMode === 'form_post',
        responseMode === 'fragment',
        responseMode === 'query',
      ]);
      expect((await exchangeCode(profile, pending, capture, context)).subject).toBe('ada');
    }
  });

  it('sends no code that is not the one the id token came with', async () => {
    const context = testContext();
    const profile = frontProfile(server, 'code id_token');
    const { pending, capture } = await frontConsent(profile, context);
    const swapped = withParameter(capture, 'code', 'another-code-marker');
    const error = await failureOf(() => exchangeCode(profile, pending, swapped, context));
    expect([error.code, error.message]).toEqual([
      'token_response_invalid',
      expect.stringContaining('its c_hash is not that of the code beside it'),
    ]);
    expect(JSON.stringify(error.toWire())).not.toContain('code-marker');
    // The code was not used up by it.
    expect((await exchangeCode(profile, pending, capture, context)).subject).toBe('ada');
  });

  it('tells that the answer came in another way than asked for, and takes it', async () => {
    const context = testContext();
    const profile = frontProfile(server, 'code', { responseMode: 'query' });
    const { pending, capture } = await frontConsent(profile, context);
    const asked = { ...pending, responseMode: 'form_post' as const };
    const answer = await exchangeCode(profile, asked, capture, context);
    expect(answer.findings.map(({ code }) => code)).toContain('response_mode_ignored');
  });

  it('refuses a token of another person than the one who signed in', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const idToken = (sub: string) => frontIdToken(privateKey, { sub, c_hash: halfHash('c1') });
    let back = await idToken('ada');
    const plain = await startWebServer(({ path }, response) =>
      path === '/keys'
        ? sendJson(response, { keys: [publicKey.export({ format: 'jwk' })] })
        : sendJson(response, { access_token: 'at', token_type: 'Bearer', id_token: back }),
    );
    const urls = { issuer: frontIssuer, tokenUrl: `${plain.url}/token`, jwksUrl: `${plain.url}/keys` };
    const profile = frontProfile(server, 'code id_token', { server: urls });
    const pending = frontPending('code id_token');
    const url = `${frontRedirectUri}#code=c1&state=s1&id_token=${await idToken('ada')}`;
    const exchange = () => exchangeCode(profile, pending, { url, formBody: null }, testContext());
    expect((await exchange()).subject).toBe('ada');
    back = await idToken('bob');
    const error = await failureOf(exchange);
    expect([error.code, error.message]).toEqual([
      'token_response_invalid',
      expect.stringContaining('not of the person whose id token login.example sent along'),
    ]);
    await plain.close();
  });

  it('says which part is missing, and sends nothing', async () => {
    const context = testContext();
    const profile = frontProfile(server, 'code id_token');
    const { pending, capture } = await frontConsent(profile, context);
    const without = withParameter(capture, 'id_token', '');
    const error = await failureOf(() =>
      exchangeCode(profile, { ...pending, announcesIssuer: false }, without, context),
    );
    expect([error.code, error.message, error.action]).toEqual([
      'redirect_invalid',
      expect.stringContaining('without an id token'),
      expect.stringMatching(/openid.*"code id_token"/),
    ]);
  });
});
