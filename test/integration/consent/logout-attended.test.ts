import { describe, expect, onTestFinished, test } from 'vitest';
import { createSystemBrowser } from '../../../electron/consent/browsers/system.ts';
import { createDeferred } from '../../../electron/consent/deferred.ts';
import { isRedirect } from '../../../electron/oauth/redirect.ts';
import { failureOf } from './failure-of.ts';
import {
  asking,
  browser,
  endingIn,
  type LogoutGiven,
  logOut,
  returnUri,
  signedIn,
  watched,
} from './logout-flow.ts';
import { keepInMemory, type SessionServer, startSessionServer } from './session-server.ts';

const never = new AbortController().signal;

describe('with a person there, a logout', () => {
  async function attended(server: SessionServer, given: LogoutGiven = {}) {
    const { browser: seen, page } = watched();
    const work = logOut(server, { attended: true, browsers: [seen], ...given });
    work.catch(() => undefined);
    return { work, page: await page };
  }

  test('waits for their answer, and returns', async () => {
    const server = await endingIn(() => asking, { '/ended': () => ({ location: returnUri }) });
    const session = await signedIn(server);
    const { work, page } = await attended(server, { session });
    await page.getByRole('button', { name: 'Yes' }).click();
    expect(await work).toEqual({ end: 'returned' });
    expect(session.texts).toHaveLength(2);
  });

  test('ends with the window that they close, and is kept as it stood then', async () => {
    const server = await startSessionServer();
    const session = await signedIn(server);
    const { work, page } = await attended(server, { session });
    await page.getByText('You are logged out').waitFor();
    await page.close();
    expect(await work).toEqual({ end: 'page' });
    expect(session.texts.at(-1)).not.toContain('sid');
  });

  test('is not through when they close the window before there was a page', async () => {
    const asked = createDeferred<void>();
    const server = await endingIn(() => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    const session = await signedIn(server);
    const { work, page } = await attended(server, { session });
    await asked.promise;
    await page.close();
    expect(await failureOf(work)).toMatchObject({
      code: 'consent_window_closed',
      message: 'The logout window was closed before the logout was through.',
    });
    expect(session.texts).toHaveLength(1);
  });

  test('is not through when they close the window on the way to the page', async () => {
    const asked = createDeferred<void>();
    const server = await endingIn(() => ({ location: '/ended' }), {
      '/ended': () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    const { work, page } = await attended(server);
    await asked.promise;
    await page.close();
    expect((await failureOf(work)).code).toBe('consent_window_closed');
  });

  test('is through when they close the window while a picture of the page is still coming', async () => {
    const server = await endingIn(() => 'Bye <img src="/picture">', {
      '/picture': () => new Promise(() => undefined),
    });
    const { work, page } = await attended(server);
    await page.getByText('Bye').waitFor();
    await page.close();
    expect(await work).toEqual({ end: 'page' });
  });

  test('is not through when the page that they close was an error', async () => {
    const server = await endingIn(() => ({ status: 500, html: 'Sorry' }));
    const { work, page } = await attended(server);
    await page.getByText('Sorry').waitFor();
    await page.close();
    const error = await failureOf(work);
    expect(error).toMatchObject({ code: 'consent_page_failed', details: { status: 500 } });
    expect(error.message).toContain('HTTP 500');
  });

  test('says "Logged out" where the way back would have led', async () => {
    const server = await endingIn(() => ({ location: returnUri }));
    const { browser: seen, page } = watched();
    const opened = await seen.open({
      ...{ purpose: 'logout', redirectUri: returnUri, isRedirect: (url) => isRedirect(url, returnUri) },
      ...{ state: null, visible: true, worker: 'person', title: 'Orders', signal: never },
    });
    onTestFinished(() => opened.close());
    await opened.start(`${server.url}/end-session`);
    await opened.redirect;
    await (await page).getByRole('heading', { name: 'Logged out' }).waitFor();
  });

  test.each([true, false])(
    'is over at once in their own browser, which is opened from here: %s',
    async (opens) => {
      const server = await startSessionServer();
      const session = keepInMemory('untouched');
      const opened: string[] = [];
      const told: string[] = [];
      const system = createSystemBrowser({ openExternally: async (url) => opened.push(url) > 0 && opens });
      const onOpenUrl = (url: string) => told.push(url);
      const outcome = await logOut(server, { attended: true, browsers: [system], session, onOpenUrl });
      expect(outcome).toEqual({ end: 'page' });
      // Whoever lists processes, or holds the window, sees this address: the id token is not in it.
      const url = `${server.url}/end-session`;
      expect(opened).toEqual([url]);
      expect(told).toEqual(opens ? [] : [url]);
      expect(session.texts).toEqual([]);
    },
  );

  test('is worked without them where nothing can be shown', async () => {
    const server = await startSessionServer();
    const hidden = { ...browser, showable: () => false };
    expect(await logOut(server, { attended: true, browsers: [hidden] })).toEqual({ end: 'page' });
  });
});
