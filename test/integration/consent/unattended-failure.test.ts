import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { failureOf } from './failure-of.ts';
import { loginForm, startLoginServer } from './login-server.ts';
import { flow, run, service, signIn } from './unattended-flow.ts';

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
    const error = await failureOf(
      run(flow(server, `await page.getByRole('button').click()`), { step: 2000 }),
    );
    expect(error.message).toContain('was not ready within 2 s');
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
      run(flow(server, 'for (;;) await page.waitForTimeout(50)'), { unattended: 5000 }),
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
