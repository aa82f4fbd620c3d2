import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant } from '../../shared/model/grant.ts';
import { newProfile } from '../../shared/model/profile.ts';
import { findElectron } from '../fixtures/electron-runtime.ts';
import { type RunningHost, startDesktopHost } from '../fixtures/hosts.ts';
import { sendJson, startWebServer, type WebServer } from '../fixtures/web-server.ts';
import { openOrders } from './app.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
// More than a browser reads of a body in one piece.
const longToken = 'long-'.repeat(20_000);

/** Sends back at once, as it is asked to: with a token or a code, in a query, a fragment or a form. */
function startServer(): Promise<WebServer> {
  return startWebServer(({ path, form }, response) => {
    const url = new URL(path, 'http://server');
    if (url.pathname === '/token')
      return sendJson(response, { access_token: `for-${form.get('code')}`, token_type: 'Bearer' });
    const asked = (name: string) => url.searchParams.get(name) ?? '';
    const wantsToken = asked('response_type') === 'token';
    const mode = asked('response_mode') || (wantsToken ? 'fragment' : 'query');
    const token = mode === 'form_post' ? longToken : 'front';
    const answer = new URLSearchParams({
      ...(wantsToken ? { access_token: token, token_type: 'Bearer', expires_in: '300' } : { code: mode }),
      state: asked('state'),
    });
    if (mode !== 'form_post') {
      const location = `${asked('redirect_uri')}${mode === 'query' ? '?' : '#'}${answer}`;
      return response.writeHead(302, { location }).end();
    }
    const fields = [...answer].map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      `<form method="post" action="${asked('redirect_uri')}">${fields.join('')}</form><script>document.forms[0].submit()</script>`,
    );
  });
}

describe.skipIf(findElectron().kind === 'missing')('response modes in the Electron window', () => {
  let server: WebServer;
  let host: RunningHost;

  beforeAll(async () => {
    [server, { host }] = await Promise.all([startServer(), openOrders(startDesktopHost)]);
  });
  afterAll(async () => {
    await host?.close();
    await server?.close();
  });

  const code = { kind: 'authorization_code', responseType: 'code', pkce: 'S256', redirectUri } as const;
  const implicit = { kind: 'implicit', responseType: 'token', redirectUri } as const;
  const rows: [name: string, grant: Grant, token: string][] = [
    ['a code in the query', { ...code, responseMode: 'default' }, 'for-query'],
    ['a code in the fragment', { ...code, responseMode: 'fragment' }, 'for-fragment'],
    ['a code by form_post', { ...code, responseMode: 'form_post' }, 'for-form_post'],
    ['a token in the fragment', { ...implicit, responseMode: 'default' }, 'front'],
    ['a token by form_post', { ...implicit, responseMode: 'form_post' }, longToken],
  ];

  it.each(rows.flatMap((row) => [true, false].map((byPerson) => [...row, byPerson] as const)))(
    'brings %s',
    async (_, grant, token, byPerson) => {
      const base = newProfile('Orders');
      const urls = { authorizationUrl: `${server.url}/authorize`, tokenUrl: `${server.url}/token` };
      await host.client('profiles.save', {
        id: 'orders',
        profile: { ...base, grant, server: { ...base.server, ...urls }, client: { kind: 'none', id: 'app' } },
      });
      await host.client('scripts.save', {
        profile: 'orders',
        source: byPerson ? null : 'log("none needed");',
      });
      await host.client('tokens.forget', { profile: 'orders' });
      await host.client('tokens.get', { profile: 'orders' });
      const revealed = await host.client('tokens.reveal', { profile: 'orders' });
      expect(revealed.accessToken).toBe(token);
    },
  );
});
