import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import { playgroundSettingsSchema } from '../../../shared/model/playground.ts';
import {
  authorizationUrl,
  type Browserless,
  newPkce,
  openBrowserless,
  workPages,
} from '../../fixtures/playground-browserless.ts';

let playground: Playground;
const codeChallenge = newPkce().challenge;
const signInPage = '<h1>Sign in</h1>';

beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.stop());
beforeEach(() => keepSessions(true));

function keepSessions(keepsSessions: boolean): void {
  playground.configure(playgroundSettingsSchema.parse({ keepsSessions }));
}

function urlFor(params: Record<string, string> = {}): string {
  return authorizationUrl({ playgroundUrl: playground.url, codeChallenge, params });
}

async function signedIn(username = 'alice'): Promise<Browserless> {
  const browser = openBrowserless();
  await workPages(urlFor(), { username }, browser);
  return browser;
}

/** Allows a flow at its consent page, and says where that leads. */
async function allow(browser: Browserless, url: string): Promise<string> {
  const { redirect } = await browser.submit(url, { decision: 'allow' });
  return (await browser.open(redirect ?? '')).redirect ?? '';
}

describe('a kept session', () => {
  it('skips the login page of the next flow, and not its consent page', async () => {
    const browser = await signedIn('bob');
    const next = await browser.open(urlFor());
    expect(next.html).toContain('<h1>Allow access?</h1>');
    expect(next.html).toContain('<strong>Bob Reader</strong>');
    expect(await allow(browser, next.url)).toContain('code=');
  });

  it('holds for any number of flows, and for any client', async () => {
    const browser = await signedIn();
    for (const clientId of ['playground-web', 'playground-post', 'playground-app']) {
      const url = authorizationUrl({ playgroundUrl: playground.url, clientId, codeChallenge });
      const consent = await browser.open(url);
      expect(consent.html).toContain('Alice Admin');
      expect(await allow(browser, consent.url)).toContain('code=');
    }
  });

  it('is the browser’s own', async () => {
    await signedIn();
    expect((await openBrowserless().open(urlFor())).html).toContain(signInPage);
  });

  it('does not come of a flow that was denied, or never finished', async () => {
    const browser = openBrowserless();
    await workPages(urlFor(), { decision: 'deny' }, browser);
    const login = await browser.open(urlFor());
    await browser.submit(login.url, { username: 'alice', password: 'alice-pw' });
    expect((await browser.open(urlFor())).html).toContain(signInPage);
  });

  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['a largest age', { max_age: '3600' }],
  ])(
    'does not do where the client asks for a fresh login: %s',
    async (_what, params: Record<string, string>) => {
      const browser = await signedIn();
      expect((await browser.open(urlFor(params))).html).toContain(signInPage);
    },
  );

  it.each([
    ['a made-up cookie', (port: number) => `playground_session_${port}=made-up`],
    ['an empty one', (port: number) => `playground_session_${port}=`],
    ['another’s port', (port: number) => `playground_session_${port + 1}=x`],
    ['a token’s name', (port: number) => `playground_session_${port}=__proto__; ;=;`],
  ])('is not had by %s', async (_what, cookieFor) => {
    const start = await fetch(urlFor(), { redirect: 'manual' });
    const cookies = start.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    const page = await fetch(new URL(start.headers.get('location') ?? '', playground.url), {
      headers: { cookie: [...cookies, cookieFor(playground.port)].join('; ') },
    });
    expect(await page.text()).toContain(signInPage);
  });

  it('has a cookie that no script reads, of this playground’s port', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    await browser.submit(login.url, { username: 'alice', password: 'alice-pw' });
    const { headers } = await browser.submit(login.url, { decision: 'allow' });
    expect(headers.getSetCookie()).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^playground_session_${playground.port}=[\\w-]{43}; path=/; max-age=86400; httponly; samesite=lax$`,
        ),
      ),
    );
  });

  it('is forgotten by revokeAll', async () => {
    const browser = await signedIn();
    await playground.revokeAll();
    expect((await browser.open(urlFor())).html).toContain(signInPage);
  });

  it('is neither made nor used while the settings keep none', async () => {
    const browser = await signedIn();
    keepSessions(false);
    expect((await browser.open(urlFor())).html).toContain(signInPage);
    const other = await signedIn();
    keepSessions(true);
    expect((await other.open(urlFor())).html).toContain(signInPage);
  });
});

describe('two flows in one browser that keeps its session', () => {
  it('keep their own users when they sign in one after the other, step by step', async () => {
    const browser = openBrowserless();
    const first = await browser.open(urlFor({ state: 'first' }));
    const second = await browser.open(urlFor({ state: 'second' }));
    await browser.submit(first.url, { username: 'alice', password: 'alice-pw' });
    await browser.submit(second.url, { username: 'bob', password: 'bob-pw' });
    expect((await browser.get(first.url)).html).toContain('Alice Admin');
    expect((await browser.get(second.url)).html).toContain('Bob Reader');
    expect(await allow(browser, first.url)).toContain('state=first');
    expect((await browser.get(second.url)).html).toContain('Bob Reader');
    expect(await allow(browser, second.url)).toContain('state=second');
    expect((await browser.open(urlFor())).html).toContain('Bob Reader');
  });

  it('take the user whose password was typed, although the other has signed in meanwhile', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    await workPages(urlFor(), { username: 'alice' }, browser);
    await browser.submit(login.url, { username: 'bob', password: 'bob-pw' });
    expect((await browser.get(login.url)).html).toContain('Bob Reader');
  });

  it('do not change hands at the consent page when somebody else signs in', async () => {
    const browser = await signedIn('alice');
    const consent = await browser.open(urlFor());
    await workPages(urlFor({ prompt: 'login' }), { username: 'bob' }, browser);
    const { html, redirect } = await browser.submit(consent.url, { decision: 'allow' });
    expect([html, redirect]).toEqual([expect.stringContaining(signInPage), null]);
  });

  it('go on both when the same user signs in once more', async () => {
    const browser = await signedIn('alice');
    const consent = await browser.open(urlFor());
    await workPages(urlFor({ prompt: 'login' }), { username: 'alice' }, browser);
    expect(await allow(browser, consent.url)).toContain('code=');
  });

  it('are allowed at the same moment', async () => {
    const browser = await signedIn();
    const pages = [await browser.open(urlFor()), await browser.open(urlFor()), await browser.open(urlFor())];
    const ends = await Promise.all(pages.map(({ url }) => allow(browser, url)));
    for (const end of ends) expect(end).toContain('code=');
  });
});

describe('signing out', () => {
  it('ends the session of this browser, and of no other', async () => {
    const [browser, other] = [await signedIn(), await signedIn()];
    const done = await browser.submit(`${playground.url}/logout`, { decision: 'sign_out' });
    expect(done.html).toContain('<h1>You are signed out</h1>');
    expect((await browser.open(urlFor())).html).toContain(signInPage);
    expect((await other.open(urlFor())).html).toContain('Alice Admin');
  });

  it('ends the flows that rely on the session: they are back at the login page', async () => {
    const browser = await signedIn();
    const consent = await browser.open(urlFor());
    await browser.submit(`${playground.url}/logout`, { decision: 'sign_out' });
    const refused = await browser.submit(consent.url, { decision: 'allow' });
    expect(refused.html).toContain(signInPage);
    expect(refused.html).not.toContain('<p role="alert"');
    await browser.submit(consent.url, { username: 'carol', password: 'carol-pw' });
    expect((await browser.get(consent.url)).html).toContain('Carol');
    expect(await allow(browser, consent.url)).toContain('code=');
  });

  it('leaves a session to who stays signed in', async () => {
    const browser = await signedIn();
    const stayed = await browser.submit(`${playground.url}/logout`, { decision: 'stay' });
    expect(stayed.html).toContain('<h1>You stay signed in</h1>');
    expect((await browser.open(urlFor())).html).toContain('Alice Admin');
  });
});
