import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Playground,
  type PlaygroundOptions,
  startPlayground,
} from '../../../electron/playground/playground.ts';
import { AppError } from '../../../shared/errors.ts';
import { type PlaygroundStatus, playgroundStatusSchema } from '../../../shared/model/playground.ts';
import { authorizationUrl, newPkce, openBrowserless } from '../../fixtures/playground-browserless.ts';
import {
  obtainTokens,
  orders,
  refresh,
  requestByPassword,
  sendForm,
  tokensOf,
} from '../../fixtures/playground-tokens.ts';
import { sendRaw } from './raw-requests.ts';

const running: Playground[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((playground) => playground.stop()));
});

async function start(options: PlaygroundOptions = {}): Promise<Playground> {
  const playground = await startPlayground(options);
  running.push(playground);
  return playground;
}

describe('starting', () => {
  it('takes any free port, and tells its status', async () => {
    const playground = await start({ settings: { accessLifetimeSeconds: 5 } });
    expect(playground.url).toBe(`http://127.0.0.1:${playground.port}`);
    expect(playgroundStatusSchema.parse(playground.status())).toMatchObject({
      kind: 'running',
      url: playground.url,
      settings: { accessLifetimeSeconds: 5, rotation: true, failure: { kind: 'none' } },
      counters: { api: 0 },
      users: [{ username: 'alice', name: 'Alice Admin' }, { username: 'bob' }, { username: 'carol' }],
    });
  });

  it('takes the preferred port, or another one when it is taken', async () => {
    const first = await start();
    await first.stop();
    const second = await start({ port: first.port });
    const third = await start({ port: first.port });
    expect(second.port).toBe(first.port);
    expect(third.port).not.toBe(first.port);
    expect((await fetch(third.url)).status).toBe(200);
  });

  it.each([
    ['a port that is none', { port: 70_000 }],
    ['a lifetime of nothing', { settings: { accessLifetimeSeconds: 0 } }],
  ])('fails with a coded error for %s', async (_what, options) => {
    const failure = await startPlayground(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: 'playground_failed', action: expect.any(String) });
  });

  it('prints nothing, from the start to the end of a flow', async () => {
    const prints = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const playground = await start();
    const tokens = await obtainTokens({ playgroundUrl: playground.url });
    await refresh(playground.url, tokens.refresh_token);
    await requestByPassword(playground.url);
    for (const path of ['introspect', 'revoke']) {
      const fields = { client_id: 'playground-app', token: tokens.access_token };
      await sendForm(`${playground.url}/${path}`, fields);
    }
    await fetch(`${playground.url}/logout?id_token_hint=${tokens.id_token}`);
    await fetch(`${playground.url}/jwks`, { headers: { origin: 'https://elsewhere.test' } });
    await fetch(`${playground.url}/token`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.test' },
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'playground-app' }),
    });
    for (const print of prints) {
      expect(print).not.toHaveBeenCalled();
      print.mockRestore();
    }
  });
});

describe('the front page', () => {
  it('shows addresses, users and clients', async () => {
    const playground = await start();
    const page = await fetch(playground.url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { url } = playground;
    for (const text of [url, 'alice-pw', 'playground-service-secret', '/api/orders']) {
      expect(html).toContain(text);
    }
    for (const text of [
      'playground-password-secret',
      `${url}/revoke`,
      `${url}/introspect`,
      `${url}/logout`,
    ]) {
      expect(html).toContain(text);
    }
    const discovery = await fetch(`${url}/.well-known/openid-configuration`);
    expect(await discovery.json()).toMatchObject({
      issuer: url,
      token_endpoint: `${url}/token`,
      revocation_endpoint: `${url}/revoke`,
      introspection_endpoint: `${url}/introspect`,
      end_session_endpoint: `${url}/logout`,
      grant_types_supported: expect.arrayContaining(['password', 'refresh_token']),
    });
  });
});

describe('two playgrounds', () => {
  it('share no token, counter or setting', async () => {
    const [one, other] = [await start(), await start()];
    const { access_token: accessToken } = await obtainTokens({ playgroundUrl: one.url });
    one.configure({ ...one.status().settings, rotation: false });
    expect((await orders(other.url, accessToken)).status).toBe(401);
    expect(other.status().settings.rotation).toBe(true);
    expect(other.status().counters.authorization_code).toBe(0);
    await other.revokeAll();
    expect((await orders(one.url, accessToken)).status).toBe(200);
  });
});

describe('configure', () => {
  it('keeps the tokens', async () => {
    const playground = await start();
    const tokens = await obtainTokens({ playgroundUrl: playground.url });
    playground.configure({ ...playground.status().settings, accessLifetimeSeconds: 9 });
    expect((await orders(playground.url, tokens.access_token)).status).toBe(200);
    expect((await tokensOf(await refresh(playground.url, tokens.refresh_token))).expires_in).toBe(9);
  });

  it('refuses a wrong setting and keeps the old ones', async () => {
    const playground = await start();
    const { settings } = playground.status();
    expect(() => playground.configure({ ...settings, refreshLifetimeSeconds: -1 })).toThrow(
      expect.objectContaining({
        code: 'playground_failed',
        message: expect.stringContaining('refreshLifetimeSeconds'),
      }),
    );
    expect(playground.status().settings).toEqual(settings);
  });
});

describe('onChange', () => {
  it('tells the latest status after settings and counters changed, and nothing after the stop', async () => {
    const told: PlaygroundStatus[] = [];
    const playground = await start({ onChange: (status) => told.push(status) });
    playground.configure({ ...playground.status().settings, rotation: false });
    await Promise.all([1, 2, 3].map(() => fetch(`${playground.url}/api/orders`)));
    await expect.poll(() => told.at(-1)).toEqual(playground.status());
    expect(playground.status()).toMatchObject({ settings: { rotation: false }, counters: { api: 3 } });
    const before = told.length;
    await fetch(`${playground.url}/api/orders`);
    await playground.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told.length).toBe(before);
  });
});

describe('revokeAll', () => {
  it('refuses every token and ends every sign-in under way', async () => {
    const playground = await start();
    const tokens = await obtainTokens({ playgroundUrl: playground.url });
    const browser = openBrowserless();
    const url = authorizationUrl({ playgroundUrl: playground.url, codeChallenge: newPkce().challenge });
    const login = await browser.open(url);
    await playground.revokeAll();
    expect((await orders(playground.url, tokens.access_token)).status).toBe(401);
    expect((await refresh(playground.url, tokens.refresh_token)).status).toBe(400);
    expect((await browser.get(login.url)).status).toBe(400);
    await obtainTokens({ playgroundUrl: playground.url });
  });
});

describe('stop', () => {
  it('closes every socket at once: silent ones, half a request, a slow answer', async () => {
    const playground = await start({ settings: { failure: { kind: 'slow', delayMs: 100_000 } } });
    const silent = sendRaw(playground, '');
    const half = sendRaw(playground, 'POST /token HTTP/1.1\r\nHost: ');
    const slow = refresh(playground.url, 'x').catch((error: unknown) => error);
    await expect.poll(() => playground.status().counters.refresh_token).toBe(1);
    await playground.stop();
    await playground.stop();
    expect([await silent, await half]).toEqual(['', '']);
    expect(await slow).toBeInstanceOf(Error);
    await expect(fetch(playground.url)).rejects.toThrow();
  });
});

describe('a port that something else holds', () => {
  it('is left alone', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const playground = await start({ port });
    expect(playground.port).not.toBe(port);
    other.close();
  });
});
