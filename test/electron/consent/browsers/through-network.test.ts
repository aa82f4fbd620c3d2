import { expect, onTestFinished, test } from 'vitest';
import type { ConsentBrowser } from '../../../../electron/consent/browsers/consent-browser.ts';
import { createSystemBrowser } from '../../../../electron/consent/browsers/system.ts';
import { throughNetwork } from '../../../../electron/consent/browsers/through-network.ts';
import { plainNetwork } from '../../../../electron/network/resolved-network.ts';
import { Secret } from '../../../../shared/secret.ts';

test('a browser is told the state that its address does not hold', async () => {
  // The one browser that goes by it; as another kind, since the person's own takes no network from here.
  const listening = createSystemBrowser({ openExternally: async () => true });
  onTestFinished(() => listening.dispose());
  const browser: ConsentBrowser = { ...listening, kind: 'chromium' };
  const session = await throughNetwork(browser, plainNetwork, async () => null).open({
    ...{ purpose: 'sign-in', redirectUri: 'http://127.0.0.1/callback', isRedirect: () => false },
    ...{
      state: null,
      visible: true,
      worker: 'person',
      title: 'Orders',
      signal: new AbortController().signal,
    },
  });
  onTestFinished(() => session.close());
  await session.start('https://auth.example.com/authorize?request_uri=urn:example:1', new Secret('s1'));
  expect((await fetch(`${session.redirectUri}?code=c0de&state=other`)).status).toBe(409);
  const answer = `${session.redirectUri}?code=c0de&state=s1`;
  expect((await fetch(answer)).status).toBe(200);
  expect((await session.redirect).url).toBe(answer);
});
