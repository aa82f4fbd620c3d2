import { describe, expect, test } from 'vitest';
import type { ConsentBrowser, ConsentSession } from '../../../electron/consent/browsers/consent-browser.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { createDeferred } from '../../../electron/consent/deferred.ts';
import type { AppError } from '../../../shared/errors.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { answer, chromium, failing, flow, never, pages, service } from './failing-flow.ts';
import { failureOf } from './failure-of.ts';
import { startLoginServer } from './login-server.ts';
import { keepInMemory } from './session-server.ts';

/** The browser, and each session that opens for a person. */
function watched() {
  const shown = createDeferred<ConsentSession>();
  const open: ConsentBrowser['open'] = async (options) => {
    const session = await chromium.open(options);
    if (options.visible) shown.resolve(session);
    return session;
  };
  return { browser: { ...chromium, open }, shown: shown.promise };
}

describe('with a person present', () => {
  test('the window is handed over where the script stopped, and finishing by hand completes the flow', async () => {
    const server = await startLoginServer({
      ...pages(),
      '/authorize': ({ cookie }) =>
        cookie.includes('half=1')
          ? '<form action="/done"><button>Allow</button></form>'
          : { html: '<form action="/half"><button>Sign in</button></form>' },
      '/half': () => ({ html: '<p>Which account?</p>', cookies: ['half=1; Path=/'] }),
      '/done': () => ({ location: answer }),
    });
    const { browser, shown } = watched();
    const told: AppError[] = [];
    const source = `await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Nobody has this' }).click();`;
    const session = keepInMemory();
    const work = service(await temporaryFolder(), [browser]).run(
      flow(server, source, { session, onHandOver: (error) => void told.push(error) }),
      never,
    );
    const { page } = await shown;
    const notice = page?.locator('#grantwright-notice');
    await notice?.waitFor({ state: 'attached' });
    // It is what the server knows already, not the beginning.
    await page?.getByRole('button', { name: 'Allow' }).click();
    expect((await work).url).toBe(answer);
    expect(told.map(({ code, details }) => [code, details?.line])).toEqual([['script_step_failed', 2]]);
    expect(String(told[0]?.details?.bundle)).toContain('orders-api');
    expect(session.texts).toHaveLength(1);
  });

  test('closing the handed-over window ends the flow, and what no person can mend is not handed over', async () => {
    const server = await startLoginServer(pages());
    const { browser, shown } = watched();
    const onHandOver = () => undefined;
    const work = service(await temporaryFolder(), [browser]).run(
      flow(server, failing, { onHandOver }),
      never,
    );
    const closed = failureOf(work);
    await (await shown).page?.close();
    expect((await closed).code).toBe('consent_window_closed');
    const begin = async () => 'http://127.0.0.1:1/authorize';
    const unreachable = service(await temporaryFolder()).run(
      flow(server, failing, { onHandOver, begin }),
      never,
    );
    expect((await failureOf(unreachable)).code).toBe('consent_page_failed');
  });

  test('a script that hangs until its time is over is handed over too', async () => {
    const server = await startLoginServer(pages());
    const { browser, shown } = watched();
    const told: AppError[] = [];
    const slow = createConsentService({
      ...{ browsers: [browser], now: Date.now },
      timeouts: { unattended: 5000, step: 20_000 },
    });
    const more = { onHandOver: (error: AppError) => void told.push(error) };
    const closed = failureOf(slow.run(flow(server, 'await page.waitForTimeout(9000)', more), never));
    await (await shown).page?.close();
    expect((await closed).code).toBe('consent_window_closed');
    expect(told.map(({ code }) => code)).toEqual(['consent_timeout']);
  });

  test('a script that is watched meets the same dialogs as one that is not: nobody answers them', async () => {
    const server = await startLoginServer({
      '/authorize': () => `<button onclick="if (!confirm('Sure?')) location = '${answer}'">Go</button>`,
    });
    const source = `await page.getByRole('button', { name: 'Go' }).click();`;
    const work = service(await temporaryFolder()).run(flow(server, source, { shown: true }), never);
    expect((await work).url).toBe(answer);
  });

  test('where no window can be shown the script fails as with nobody there', async () => {
    const server = await startLoginServer(pages());
    const told: AppError[] = [];
    const hidden = { ...chromium, showable: () => false };
    const work = service(await temporaryFolder(), [hidden]).run(
      flow(server, failing, { onHandOver: (error) => void told.push(error) }),
      never,
    );
    expect((await failureOf(work)).code).toBe('script_step_failed');
    expect(told).toEqual([]);
  });
});
