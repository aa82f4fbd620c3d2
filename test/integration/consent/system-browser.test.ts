import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import { createSystemBrowser } from '../../../electron/consent/browsers/system.ts';
import type { ConsentFlow } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { Secret } from '../../../shared/secret.ts';
import { launchChromium } from '../../fixtures/chromium.ts';
import { startLoginServer } from './login-server.ts';

let person: Browser;
beforeAll(async () => {
  person = await launchChromium();
});
afterAll(() => person.close());

/** A server that sends back at once, in the way that is asked for, and a page to go on to, which tells what it was told. */
async function startServer(mode: string) {
  const server = await startLoginServer({
    '/authorize': (_visit, query) => {
      const back = query.get('redirect_uri');
      if (mode === 'fragment') return { location: `${back}#code=c0de&state=s` };
      // Some servers add a fragment of no meaning.
      if (mode === 'query') return { location: `${back}?code=c0de&state=s#_=_` };
      return `<form method="post" action="${back}"><input name="code" value="c0de"><input name="state" value="s"></form>
        <script>document.forms[0].submit()</script>`;
    },
    '/welcome': () => `<title>Welcome</title><script>document.title += document.referrer</script>`,
  });
  return server;
}

/** The person's browser comes to the flow's end, in a tab of its own. */
async function signIn(url: string, more: Partial<ConsentFlow>) {
  const page = await person.newPage();
  const system = createSystemBrowser({ openExternally: async () => false });
  // Its windows could be shown, if it were asked.
  const chromium = createChromiumBrowser({ headedPossible: () => true, candidates: () => [] });
  const service = createConsentService({ browsers: [chromium, system], now: Date.now });
  let shown: Promise<unknown> | undefined;
  const outcome = await service.run(
    {
      ...{
        profileName: 'Orders',
        redirectUri: 'http://127.0.0.1/callback',
        script: null,
        vars: {},
        session: null,
      },
      ...{ attended: true, consentBrowser: 'system' as const },
      begin: async (uri) => `${url}/authorize?state=s&redirect_uri=${encodeURIComponent(uri)}`,
      onOpenUrl: (address) => {
        shown = page.goto(address).catch(() => undefined);
      },
      ...more,
    },
    new AbortController().signal,
  );
  await shown;
  return { page, outcome };
}

test.each(['query', 'fragment', 'form_post'])(
  "the person's browser goes on to the profile's address, which learns nothing of the sign-in: %s",
  async (mode) => {
    const server = await startServer(mode);
    const url = `${server.url}/welcome?from=tests&x="<b>`;
    const { page, outcome } = await signIn(server.url, { afterConsent: { kind: 'address', url } });
    await page.waitForURL('**/welcome**');
    expect(`${outcome.url}${outcome.formBody ?? ''}`).toContain('code=c0de');
    expect(page.url()).toBe(new URL(url).href);
    expect(await page.title()).toBe('Welcome');
    // The redirect is not in the way back either.
    await page.goBack();
    expect(page.url()).not.toContain('c0de');
  },
);

test.each(['query', 'fragment', 'form_post'])("the person reads the profile's own text: %s", async (mode) => {
  const server = await startServer(mode);
  const text = 'Thank you.\n<b>Close</b> this tab.';
  const { page } = await signIn(server.url, { afterConsent: { kind: 'message', text } });
  await page.getByText('<b>Close</b> this tab.').waitFor();
});

test('takes no answer of another flow where the address does not hold the state', async () => {
  const server = await startServer('query');
  const stranger: Promise<number>[] = [];
  const { outcome } = await signIn(server.url, {
    // As a pushed request has it (RFC 9126): what came with it stands in the address of the stand-in alone.
    begin: async (uri) => `${server.url}/authorize?sent=s&redirect_uri=${encodeURIComponent(uri)}`,
    stateOf: () => new Secret('s'),
    onOpenUrl: (address) => {
      const redirectUri = new URL(address).searchParams.get('redirect_uri') ?? '';
      const status = fetch(`${redirectUri}?code=other&state=other`).then((response) => response.status);
      stranger.push(status);
      void status.then(() => fetch(`${redirectUri}?code=c0de&state=s`));
    },
  });
  expect(await Promise.all(stranger)).toEqual([409]);
  expect(outcome.url).toContain('code=c0de');
});
