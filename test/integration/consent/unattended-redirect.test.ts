import { describe, expect, test } from 'vitest';
import { loginForm, startLoginServer } from './login-server.ts';
import { answer, flow, redirectUri, run, signIn } from './unattended-flow.ts';

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
