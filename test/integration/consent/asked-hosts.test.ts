import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { AskedHost } from '../../../electron/consent/automation/allowed-hosts.ts';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentFlow, ConsentTimeouts } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { createDeferred } from '../../../electron/consent/deferred.ts';
import type { Automation } from '../../../electron/consent/unattended.ts';
import { Secret } from '../../../shared/secret.ts';
import { until } from '../../fixtures/until.ts';
import { failureOf } from './failure-of.ts';
import { type LoginServer, loginForm, startLoginServer } from './login-server.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
const browser = createChromiumBrowser({ headedPossible: () => false });
afterAll(() => browser.dispose());

const other = ({ url }: LoginServer): string => url.replace('127.0.0.1', 'localhost');

/** A login whose form stands in a frame of another host, which sends back to the redirect URI. */
async function startFramed() {
  let swapped = false;
  const server: LoginServer = await startLoginServer({
    '/authorize': () => `<iframe title="Login" src="${other(server)}/login"></iframe><script>
      setInterval(async () => {
        if (await (await fetch('/swapped')).text() !== 'yes') return;
        const frame = document.querySelector('iframe');
        if (!frame.src.includes('two.')) frame.src = frame.src.replace('//', '//two.');
      }, 50)</script>`,
    '/swapped': () => (swapped ? 'yes' : 'no'),
    '/login': (visit) =>
      visit.method === 'POST'
        ? { location: `${redirectUri}?code=c0de` }
        : `${loginForm('/login')}<script>fetch('/shown')</script>`,
  });
  /** The page puts a third host into its frame. */
  async function swap(): Promise<void> {
    swapped = true;
    // Asked for by what the frame shows, first of the one host, then of the other.
    await until(() => server.visits.filter(({ path }) => path === '/shown').length === 2);
  }
  return { ...server, swap };
}

const signIn = `const login = page.frameLocator('iframe');
  await login.getByLabel('User name').fill(vars.user);
  await login.getByLabel('Password').fill(vars.password);
  await login.getByRole('button').click();`;

function script(source: string): Automation {
  return { kind: 'script', source, fileName: 'orders-api.js' };
}

function flow(server: LoginServer, more: Partial<ConsentFlow> = {}): ConsentFlow {
  return {
    ...{ profileName: 'Orders API', redirectUri, session: null, attended: false },
    script: script(signIn),
    vars: { user: 'alice', password: new Secret('hunter22') },
    begin: async () => `${server.url}/authorize`,
    ...more,
  };
}

const service = (timeouts: Partial<ConsentTimeouts> = {}, unattendedAtOnce = 6) =>
  createConsentService({ browsers: [browser], now: Date.now, timeouts, unattendedAtOnce });
const never = new AbortController().signal;

/** Somebody who answers the same each time. */
function person(answer: boolean) {
  const asked: AskedHost[] = [];
  return {
    asked,
    onAskHost: async (about: AskedHost) => {
      asked.push(about);
      return answer;
    },
  };
}

describe('a script that is about to type on a page of another host', () => {
  test('asks once, shows nothing of what it types, and goes on where that was allowed', async () => {
    const server = await startFramed();
    const { asked, onAskHost } = person(true);
    const outcome = await service().run(flow(server, { onAskHost }), never);
    expect(outcome.url).toBe(`${redirectUri}?code=c0de`);
    expect(server.visits.find(({ method }) => method === 'POST')?.body).toBe('user=alice&password=hunter22');
    const words = 'page.frameLocator("iframe").getByLabel("User name").fill(…)';
    expect(asked).toEqual([{ origin: other(server), words }]);
  });

  test('asks no second time where that was refused, and fails as it does with nobody there', async () => {
    const server = await startFramed();
    const twice = script(`const field = page.frameLocator('iframe').getByLabel('Password');
      try { await field.fill(vars.password); } catch { log('once'); } await field.press('x');`);
    const { asked, onAskHost } = person(false);
    const error = await failureOf(service().run(flow(server, { script: twice, onAskHost }), never));
    expect(asked).toHaveLength(1);
    expect(error.code).toBe('script_host_not_allowed');
    expect(error.message).toContain('.press("x") was not done');
    const alone = await failureOf(service().run(flow(server, { script: twice }), never));
    expect(alone.toWire()).toMatchObject({ code: error.code, message: error.message, action: error.action });
    expect(server.visits.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('waits on the person’s time, not on its own', async () => {
    const server = await startFramed();
    const own = { unattended: 10_000, step: 5_000 };
    const answer = createDeferred<boolean>();
    let asked = false;
    const onAskHost = () => {
      asked = true;
      return answer.promise;
    };
    const running = service(own).run(flow(server, { onAskHost }), never);
    await until(() => asked);
    // As long as all that the flow has for itself.
    await sleep(own.unattended);
    answer.resolve(true);
    expect((await running).url).toContain('code=c0de');
    const late = failureOf(
      service({ ...own, attended: 300 }).run(
        flow(server, { onAskHost: () => new Promise(() => undefined) }),
        never,
      ),
    );
    expect(await late).toMatchObject({ code: 'consent_timeout' });
  });

  test('leaves its turn to another flow meanwhile', async () => {
    const server = await startFramed();
    const held = createDeferred<boolean>();
    const shared = service({}, 1);
    let asked = false;
    const first = shared.run(
      flow(server, {
        onAskHost: () => {
          asked = true;
          return held.promise;
        },
      }),
      never,
    );
    await until(() => asked);
    const second = await shared.run(flow(server, { onAskHost: person(true).onAskHost }), never);
    expect(second.url).toContain('code=c0de');
    held.resolve(true);
    expect((await first).url).toContain('code=c0de');
  });

  test('waits no more when the flow is cancelled, and the question is told so', async () => {
    const server = await startFramed();
    const cancel = new AbortController();
    const told = createDeferred<void>();
    const onAskHost = (_asked: AskedHost, signal: AbortSignal) => {
      signal.addEventListener('abort', () => told.resolve());
      setTimeout(() => cancel.abort(), 50);
      return new Promise<boolean>(() => undefined);
    };
    const error = await failureOf(service().run(flow(server, { onAskHost }), cancel.signal));
    expect(error.code).toBe('consent_cancelled');
    await told.promise;
  });

  test('looks again after the answer: what was allowed is the host, not whatever is there by then', async () => {
    const server = await startFramed();
    const asked: string[] = [];
    const typing = script(`await page.frameLocator('iframe').getByLabel('Password').fill(vars.password)`);
    const onAskHost = async ({ origin }: AskedHost) => {
      asked.push(origin);
      // The page puts another host into the frame while the person thinks.
      if (asked.length === 1) await server.swap();
      return asked.length === 1;
    };
    const error = await failureOf(service().run(flow(server, { script: typing, onAskHost }), never));
    expect(error.code).toBe('script_host_not_allowed');
    expect(asked).toHaveLength(2);
  });

  test('never asks about what no answer could allow, nor about a host that has a secret in its name', async () => {
    const { asked, onAskHost } = person(true);
    const server = await startLoginServer({
      '/authorize': () => `<iframe src="data:text/html,<input>"></iframe>`,
    });
    const field = script(`await page.frameLocator('iframe').locator('input').fill(vars.password)`);
    const error = await failureOf(service().run(flow(server, { script: field, onAskHost }), never));
    expect(error.code).toBe('script_host_not_allowed');
    const named: LoginServer = await startLoginServer({
      '/authorize': () =>
        `<iframe src="${named.url.replace('127.0.0.1', 'hunter22.localhost')}/in"></iframe>`,
      '/in': () => '<input>',
    });
    const told = await failureOf(service().run(flow(named, { script: field, onAskHost }), never));
    expect(told.code).toBe('script_host_not_allowed');
    expect(JSON.stringify(told.toWire())).not.toContain('hunter22');
    expect(asked).toEqual([]);
  });
});
