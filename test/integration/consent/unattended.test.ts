import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentFlow, ConsentTimeouts } from '../../../electron/consent/consent-flow.ts';
import { type ConsentService, createConsentService } from '../../../electron/consent/consent-service.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './failure-of.ts';
import { type LoginServer, loginForm, startLoginServer } from './login-server.ts';

// Port 1 belongs to nobody on a test machine: whatever is sent there fails.
const redirectUri = 'http://127.0.0.1:1/callback';
const answer = `${redirectUri}?code=c0de&state=s`;
const browser = createChromiumBrowser({ headedPossible: () => false });

const never = new AbortController().signal;
const openHidden = () =>
  browser.open({
    ...{ purpose: 'sign-in', redirectUri, isRedirect: () => false, state: null },
    ...{ visible: false, worker: 'script', title: '', signal: never },
  });

beforeAll(async () => {
  const warm = await openHidden();
  await warm.close();
});
afterAll(() => browser.dispose());

const signIn = `
  await page.getByLabel('User name').fill(vars.user);
  await page.getByLabel('Password').fill(vars.password);
  await page.getByRole('button', { name: 'Sign in' }).click();`;

function service(timeouts: Partial<ConsentTimeouts> = {}): ConsentService {
  return createConsentService({ browsers: [browser], now: Date.now, timeouts });
}

function flow(server: LoginServer, source: string, more: Partial<ConsentFlow> = {}): ConsentFlow {
  return {
    profileName: 'Orders API',
    redirectUri,
    script: { kind: 'script', source, fileName: 'orders-api.js' },
    vars: { user: 'alice', password: new Secret('pa55 w&rd') },
    session: null,
    attended: false,
    begin: async () => `${server.url}/authorize`,
    ...more,
  };
}

const run = (given: ConsentFlow, timeouts?: Partial<ConsentTimeouts>) => service(timeouts).run(given, never);

describe('the redirect', () => {
  test('is caught as a 302 to an address where nothing listens', async () => {
    const server = await startLoginServer({
      '/authorize': () => loginForm('/login'),
      '/login': () => ({ location: answer }),
    });
    const steps: string[] = [];
    const outcome = await run(
      flow(server, signIn, { watcher: { begins: (step) => void steps.push(step.words) } }),
    );
    expect(outcome).toEqual({ url: answer, formBody: null, steps: 3, hidden: [] });
    expect(steps).toEqual([
      'page.getByLabel("User name").fill(…)',
      'page.getByLabel("Password").fill(…)',
      'page.getByRole("button", { name: "Sign in" }).click()',
    ]);
    expect(server.visits.at(-1)?.body).toBe('user=alice&password=pa55+w%26rd');
  });

  test('is never sent on, even when something listens there', async () => {
    const server = await startLoginServer({
      '/authorize': () => ({ location: '/callback?code=c0de' }),
      '/callback': () => 'reached',
    });
    const outcome = await run(flow(server, '', { redirectUri: `${server.url}/callback` }));
    expect(outcome.url).toBe(`${server.url}/callback?code=c0de`);
    expect(server.visits.map(({ path }) => path)).toEqual(['/authorize']);
  });

  test('keeps its fragment, from a Location header and from a script of the page', async () => {
    const fragment = `${redirectUri}#access_token=t&state=s`;
    const server = await startLoginServer({
      '/authorize': () => loginForm('/login'),
      '/login': () => ({ location: fragment }),
      '/scripted': () => `<script>location.href = ${JSON.stringify(fragment)}</script>`,
    });
    expect((await run(flow(server, signIn))).url).toBe(fragment);
    const scripted = flow(server, '', { begin: async () => `${server.url}/scripted` });
    expect((await run(scripted)).url).toBe(fragment);
  });

  test('is read from a form_post, however long', async () => {
    const token = 'x'.repeat(100_000);
    const server = await startLoginServer({
      '/authorize': () => `<form method="post" action="${redirectUri}"><input name="code" value="${token}">
        <input name="state" value="ä &amp;"></form><script>document.forms[0].submit()</script>`,
    });
    const outcome = await run(flow(server, ''));
    expect(outcome.url).toBe(redirectUri);
    expect(outcome.formBody).toBe(`code=${token}&state=%C3%A4+%26`);
  });

  test('is caught in a popup, also when its first address redirects at once', async () => {
    const server = await startLoginServer({
      '/authorize': () => `<title>Home</title><button onclick="window.open('/popup')">Go</button>`,
      '/popup': () => ({ location: '/callback?code=c0de' }),
      '/callback': () => 'reached',
    });
    const script = `await page.getByRole('button').click(); await page.waitForTimeout(10000);`;
    const outcome = await run(flow(server, script, { redirectUri: `${server.url}/callback` }));
    expect(outcome.url).toBe(`${server.url}/callback?code=c0de`);
    expect(server.visits.map(({ path }) => path)).not.toContain('/callback');
  });

  test.each([
    ['a Location header', { location: 'com.example.app:/callback?code=c0de' }],
    ['a script of the page', `<script>location = 'com.example.app:/callback?code=c0de'</script>`],
    [
      'a link',
      `<a href="com.example.app:/callback?code=c0de">Back</a><script>document.links[0].click()</script>`,
    ],
  ])('to a scheme of its own is caught: %s', async (_name, page) => {
    const server = await startLoginServer({ '/authorize': () => loginForm('/login'), '/login': () => page });
    const outcome = await run(flow(server, signIn, { redirectUri: 'com.example.app:/callback' }));
    expect(outcome.url).toBe('com.example.app:/callback?code=c0de');
  });

  test.each(['a script', 'a link'])(
    'to a scheme of its own is caught on the very first page: %s',
    async (way) => {
      const url = 'com.example.app:/callback?code=c0de';
      const page =
        way === 'a script'
          ? `<script>location = '${url}'</script>`
          : `<a href="${url}">Back</a><script>document.links[0].click()</script>`;
      const server = await startLoginServer({ '/authorize': () => page });
      expect((await run(flow(server, '', { redirectUri: 'com.example.app:/callback' }))).url).toBe(url);
    },
  );

  test('is not a URL that merely has code in it, nor the redirect URI in a parameter', async () => {
    const server = await startLoginServer({
      '/authorize': () => ({ location: `/login?session_code=1&code=2&redirect_uri=${redirectUri}` }),
      '/login': (visit) => (visit.method === 'POST' ? { location: answer } : loginForm('/login?code=3')),
    });
    expect((await run(flow(server, signIn))).url).toBe(answer);
  });

  test('is not a deeper path of the redirect URI', async () => {
    const server = await startLoginServer({
      '/authorize': () => ({ location: '/callback/login?code=1' }),
      '/callback/login': () => loginForm('/callback?code=2'),
    });
    const outcome = await run(flow(server, signIn, { redirectUri: `${server.url}/callback` }));
    expect(outcome.url).toBe(`${server.url}/callback?code=2`);
  });

  test('with any port is caught for a loopback redirect URI that names none', async () => {
    const server = await startLoginServer({ '/authorize': () => ({ location: answer }) });
    const outcome = await run(flow(server, '', { redirectUri: 'http://127.0.0.1/callback' }));
    expect(outcome.url).toBe(answer);
  });

  test('is caught from a frame of another site', async () => {
    const server = await startLoginServer({
      '/authorize': () => `<iframe title="Login" src="${other()}/login"></iframe>`,
      '/login': (visit) => (visit.method === 'POST' ? { location: '/callback?code=1' } : loginForm('/login')),
      '/callback': () => 'reached',
    });
    function other(): string {
      return server.url.replace('127.0.0.1', 'localhost');
    }
    const script = `const login = page.frameLocator('iframe');
      await login.getByLabel('User name').fill(vars.user);
      await login.getByRole('button').click();`;
    const outcome = await run(
      flow(server, script, {
        redirectUri: `${other()}/callback`,
        scriptHosts: [new URL(other()).host],
      }),
    );
    expect(outcome.url).toBe(`${other()}/callback?code=1`);
    expect(server.visits.map(({ path }) => path)).not.toContain('/callback');
  });

  test('ends the script wherever it stands', async () => {
    const server = await startLoginServer({
      '/authorize': () => loginForm('/login'),
      '/login': () => ({ location: answer }),
    });
    const outcome = await run(flow(server, `${signIn} await page.getByText('Never there').click();`));
    expect(outcome.url).toBe(answer);
  });
});

describe('a flow that fails', () => {
  test('says what the server showed when it stopped at a page of its own', async () => {
    const server = await startLoginServer({
      '/authorize': () => ({ status: 400, html: '<title>Bad client</title><p>Unknown client orders</p>' }),
    });
    const error = await failureOf(run(flow(server, '')));
    expect(error.code).toBe('consent_no_redirect');
    expect(error.message).toContain('HTTP 400, "Bad client"');
    expect(error.details).toMatchObject({ status: 400, title: 'Bad client', text: 'Unknown client orders' });
  });

  test('says so when a page with status 200 goes nowhere', async () => {
    const server = await startLoginServer({ '/authorize': () => '<title>Sorry</title>Something is wrong' });
    const error = await failureOf(run(flow(server, ''), { redirect: 300 }));
    expect(error.code).toBe('consent_no_redirect');
    expect(error.message).toContain('"Sorry"');
    expect(error.details).toMatchObject({ text: 'Something is wrong', url: `${server.url}/authorize` });
  });

  test('names the step, its line and the page when a selector never appears', async () => {
    const server = await startLoginServer({ '/authorize': () => loginForm('/login') });
    const source = `// first line\nawait page.getByLabel('E-mail').fill(vars.password);`;
    const error = await failureOf(run(flow(server, source), { step: 300 }));
    expect(error.code).toBe('script_step_failed');
    expect(error.message).toContain('page.getByLabel("E-mail").fill(…) failed (orders-api.js, line 2)');
    expect(error.message).toContain('nothing like it appeared within 0.3 s');
    expect(error.details).toMatchObject({
      line: 2,
      title: 'Sign in',
      step: 'page.getByLabel("E-mail").fill(…)',
    });
  });

  test('names how many things a step matched', async () => {
    const server = await startLoginServer({ '/authorize': () => '<button>A</button><button>B</button>' });
    const error = await failureOf(run(flow(server, `await page.getByRole('button').click()`)));
    expect(error.message).toContain('2 things on the page match it');
  });

  test('says when a thing was there but not ready', async () => {
    const server = await startLoginServer({ '/authorize': () => '<button disabled>A</button>' });
    const error = await failureOf(run(flow(server, `await page.getByRole('button').click()`), { step: 300 }));
    expect(error.message).toContain('was not ready within 0.3 s');
  });

  test('shows no value of vars that the page echoes, in any writing', async () => {
    const server = await startLoginServer({
      '/authorize': () => loginForm('/login'),
      '/login': (visit) => {
        const password = new URLSearchParams(visit.body).get('password') ?? '';
        const shown = password.replaceAll('&', '&amp;');
        return `<title>Wrong: ${shown}</title><p>${shown}</p><p>${encodeURIComponent(password)}</p>
          <a href="/x?${visit.body}">again</a><p>${visit.body}</p>`;
      },
    });
    const error = await failureOf(
      run(flow(server, `${signIn}\nthrow new Error('no ' + vars.password + await page.innerText('body'))`)),
    );
    const told = JSON.stringify(error.toWire());
    expect(error.code).toBe('script_failed');
    expect(told).toContain('[password]');
    expect(told).not.toMatch(/pa55|w&rd|w%26rd/);
  });

  test('is not waited for when its script has a syntax error', async () => {
    const server = await startLoginServer({ '/authorize': () => loginForm('/login') });
    const error = await failureOf(run(flow(server, 'await page.\n\nfill(')));
    expect(error.code).toBe('script_syntax');
    expect(error.details).toMatchObject({ file: 'orders-api.js', line: 3 });
  });

  test('names host and reason when the server cannot be reached', async () => {
    const server = await startLoginServer({});
    const begin = async () => 'http://127.0.0.1:1/authorize?state=hidden';
    const error = await failureOf(run(flow(server, '', { begin, redirectUri: `${server.url}/callback` })));
    expect(error.code).toBe('consent_page_failed');
    expect(error.message).toMatch(/127\.0\.0\.1:1 .*net::ERR_/);
    expect(error.message).not.toContain('hidden');
  });

  test('names the reason when the server does not speak TLS', async () => {
    const server = await startLoginServer({});
    const begin = async () => `${server.url.replace('http:', 'https:')}/authorize`;
    const error = await failureOf(run(flow(server, '', { begin })));
    expect(error.code).toBe('consent_page_failed');
    expect(error.message).toContain('it does not speak TLS (net::ERR_SSL_PROTOCOL_ERROR)');
  });

  test.each(['file:///etc/passwd', 'javascript:alert(1)', 'nonsense'])('never opens %s', async (url) => {
    const server = await startLoginServer({});
    const error = await failureOf(run(flow(server, '', { begin: async () => url })));
    expect(error.code).toBe('consent_page_failed');
  });

  test('keeps the failure of begin as it is', async () => {
    const server = await startLoginServer({});
    const begin = async () => Promise.reject(new AppError('discovery_failed', 'no metadata'));
    expect((await failureOf(run(flow(server, '', { begin })))).code).toBe('discovery_failed');
  });

  test('is over in time when the page never comes', async () => {
    const server = await startLoginServer({ '/authorize': () => new Promise(() => undefined) });
    const error = await failureOf(run(flow(server, ''), { unattended: 500 }));
    expect(error.code).toBe('consent_timeout');
  });

  test('is over in time when a script waits on and on, and says where it stood', async () => {
    const server = await startLoginServer({ '/authorize': () => loginForm('/login') });
    const error = await failureOf(
      run(flow(server, 'for (;;) await page.waitForTimeout(50)'), { unattended: 1000 }),
    );
    expect(error.code).toMatch(/consent_timeout|script_timeout/);
    expect(error.details).toMatchObject({ title: 'Sign in' });
  });

  test('ends at once when it is cancelled', async () => {
    const server = await startLoginServer({ '/authorize': () => loginForm('/login') });
    const cancel = new AbortController();
    const watcher = { begins: () => cancel.abort() };
    const work = service().run(flow(server, 'await page.waitForTimeout(9000)', { watcher }), cancel.signal);
    expect((await failureOf(work)).code).toBe('consent_cancelled');
  });

  test('needs a script or a person', async () => {
    const server = await startLoginServer({});
    expect((await failureOf(run(flow(server, '', { script: null })))).code).toBe('consent_required');
    const attended = run(flow(server, '', { script: null, attended: true }));
    expect((await failureOf(attended)).code).toBe('consent_browser_missing');
  });
});

describe('flows', () => {
  test('do not share cookies, and run at the same time without being mixed up', async () => {
    const server = await startLoginServer({
      '/authorize': (_visit, query) => loginForm(`/login?n=${query.get('n')}`),
      '/login': (_visit, query) => ({ location: `${redirectUri}?code=${query.get('n')}` }),
    });
    const numbers = ['1', '2', '3', '4'];
    const outcomes = await Promise.all(
      numbers.map((n) => run(flow(server, signIn, { begin: async () => `${server.url}/authorize?n=${n}` }))),
    );
    expect(outcomes.map(({ url }) => new URL(url).searchParams.get('code'))).toEqual(numbers);
  });

  test('go on after the browser has crashed', async () => {
    const server = await startLoginServer({ '/authorize': () => loginForm('/login') });
    const session = await openHidden();
    await session.start(`${server.url}/authorize`);
    await session.page?.context().browser()?.close();
    await expect(session.redirect).rejects.toMatchObject({ code: 'consent_page_failed' });
    await session.close();
    const again = await startLoginServer({ '/authorize': () => ({ location: answer }) });
    expect((await run(flow(again, ''))).url).toBe(answer);
  });
});
