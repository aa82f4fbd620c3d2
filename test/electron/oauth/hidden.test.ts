import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OAuthContext } from '../../../electron/oauth/context.ts';
import { discover } from '../../../electron/oauth/discovery.ts';
import { passwordGrant, refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { readRedirect } from '../../../electron/oauth/redirect.ts';
import { serverText } from '../../../electron/oauth/server-text.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const password = 'marker/1 +&"é';
const hidden = [new Secret(password), new Secret('marker-access-token')];
const context: OAuthContext = testContext();
let server: WebServer;
let answer: { body: unknown; status: number };
beforeAll(async () => {
  server = await startWebServer((_, response) => sendJson(response, answer.body, answer.status));
});
beforeEach(() => {
  answer = { body: {}, status: 200 };
});
afterAll(() => server.close());

function refresh(body: unknown, status = 200) {
  answer = { body, status };
  const profile = testProfile({ hidden, server: { tokenUrl: `${server.url}/token` } });
  return refreshTokens(profile, new Secret('marker refresh'), context);
}

describe('what a server knows of a person and says', () => {
  it('is hidden in its error, though the request did not carry it', async () => {
    const said = `No: ${password} ${encodeURIComponent(password)} marker-access-token`;
    const error = await failureOf(() => refresh({ error: said, error_description: said }, 400));
    expect(error.server).toMatchObject({
      ...{ status: 400, error: 'No: [secret] [secret] [secret]' },
      errorDescription: 'No: [secret] [secret] [secret]',
    });
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
  });

  it('is hidden when it gives tokens in an error', async () => {
    const body = { error: 'invalid_request', error_description: 'got marker-2', access_token: 'marker-2' };
    expect((await failureOf(() => refresh(body, 400))).message).toContain('got [secret]');
  });

  it('is hidden in the scope, the type and the subject of a token', async () => {
    const claims = Buffer.from(JSON.stringify({ name: `Ann ${password}` })).toString('base64url');
    const told = await refresh({
      ...{ access_token: `eyJhbGciOiJSUzI1NiJ9.${claims}.c2ln`, refresh_token: 'marker-new' },
      ...{ scope: `orders marker-new marker refresh ${password}`, token_type: 'marker-new' },
    });
    expect(told).toMatchObject({
      ...{ scope: 'orders [secret] [secret] [secret]', tokenType: 'Bearer', subject: 'Ann [secret]' },
    });
    expect(JSON.stringify(told)).not.toContain('marker');
  });

  it('is hidden in a redirect, its code too', async () => {
    const redirectUri = 'https://app.example/callback';
    const pending = {
      ...{ url: 'https://login.example/auth', redirectUri, state: new Secret('marker-state') },
      ...({ responseType: 'code', responseMode: 'default' } as const),
      ...{
        codeVerifier: new Secret('marker-verifier'),
        dpopKey: null,
        nonce: null,
        issuer: null,
        announcesIssuer: false,
      },
    };
    const query = new URLSearchParams({
      state: 'marker-state',
      code: 'marker-code',
      error: `no ${password}`,
    });
    query.set('error_description', `marker-code marker-state ${password}`);
    const capture = { url: `${redirectUri}?${query}`, formBody: null };
    expect((await failureOf(() => readRedirect(capture, pending, hidden))).toWire()).toMatchObject({
      server: { error: 'no [secret]', errorDescription: '[secret] [secret] [secret]' },
    });
  });

  it('is hidden in the addresses at which a discovery document was looked for', async () => {
    answer = { body: 'none', status: 404 };
    const error = await failureOf(() => discover(`${server.url}/of/${password}`, context, undefined, hidden));
    expect(error.message).toContain('/of/[secret]/.well-known/openid-configuration (HTTP 404)');
    expect(error.message).not.toContain('marker');
  });

  it('hides nothing else: a grant that needs the values sends them', async () => {
    const grant = {
      ...{ kind: 'password' as const, username: 'ann', password: new Secret(password) },
      ...{ userValue: 'user', passwordValue: 'password' },
    };
    answer = { body: { access_token: 'at' }, status: 200 };
    await passwordGrant(testProfile({ grant, hidden, server: { tokenUrl: server.url } }), context);
    expect(server.requests.at(-1)?.form.get('password')).toBe(password);
  });
});

describe('a secret that a server writes', () => {
  const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  const lower = (text: string) => text.replace(/%../g, (octet) => octet.toLowerCase());
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it.each([
    ['twice percent-encoded', encodeURIComponent(encodeURIComponent(password))],
    ['as a form in an address', encodeURIComponent(form(password))],
    ['so in lower case', lower(encodeURIComponent(form(password)))],
    ['as JSON within JSON', JSON.stringify(JSON.stringify(password))],
    ['as JSON in HTML', JSON.stringify(password).replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['in a path', new URL(`http://x/${password}`).pathname],
    ['in HTML that leaves quotes alone', password.replace('&', '&amp;')],
  ])('%s is hidden', (_, written) => {
    expect(serverText(`got ${written}!`, hidden)).toMatch(/^got .{0,6}\[secret\].{0,6}!$/);
  });

  it.each(['', 'u:', 'user:', 'x=1&y='])('in base64 after “%s” is hidden but for its edges', (before) => {
    for (const written of [base64(`${before}${password}&z`), base64(`${before}${form(password)}`)]) {
      for (const text of [written, written.replaceAll('+', '-').replaceAll('/', '_')]) {
        const shown = serverText(text, hidden);
        expect(shown).toContain('[secret]');
        const left = Buffer.from(shown.replace('[secret]', ''), 'base64').toString('latin1');
        expect(left).not.toContain('mark');
      }
    }
  });

  it('of few characters is not looked for in base64, where chance would find it', () => {
    const text = base64('a long text that holds nothing');
    expect(serverText(text, [new Secret('thing')])).toHaveLength(text.length);
  });
});
