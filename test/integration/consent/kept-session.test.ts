import { describe, expect, onTestFinished, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import { failureOf } from './failure-of.ts';
import { cookie, signIn, startFlow, text } from './kept-flow.ts';
import { loginForm } from './login-server.ts';
import { answer, keepInMemory, startSessionServer } from './session-server.ts';

describe('a session', () => {
  test('is fresh by default: nothing of one flow is in the next', async () => {
    const server = await startSessionServer();
    await startFlow(server).outcome;
    await startFlow(server).outcome;
    expect(server.signIns()).toBe(2);
    const first = server.visits
      .filter(({ path }) => path === '/authorize')
      .filter((_visit, at) => at % 2 === 0);
    expect(first.map(({ cookie: sent }) => sent)).toEqual(['', '']);
  });

  test('is kept, and another browser goes on with it before the first step of the script', async () => {
    const server = await startSessionServer();
    const session = keepInMemory();
    const other = createChromiumBrowser({ headedPossible: () => false });
    onTestFinished(() => other.dispose());
    await startFlow(server, { session, browsers: [other] }).outcome;
    await other.dispose();
    // A step that waited for the login page would do so for longer than this test may take.
    const again = startFlow(server, { session, timeouts: { step: 600_000, unattended: 600_000 } });
    expect((await again.outcome).url).toBe(answer);
    expect(server.signIns()).toBe(1);
    expect(session.texts).toHaveLength(2);
    expect(again.log).toEqual([]);
  });

  test.each(['allows', 'signs in and allows'])('lets one script work both ways: it %s', async (way) => {
    const server = await startSessionServer({}, true);
    const session = keepInMemory();
    const source = `await page.waitForSelector('[name=user], form[action="/allow"]');
      if (await page.getByLabel('User name').isVisible()) {${signIn}}
      await page.getByRole('button', { name: 'Allow' }).click();`;
    if (way === 'allows') await startFlow(server, { session, source }).outcome;
    const { url, steps } = await startFlow(server, { session, source }).outcome;
    expect(url).toBe(answer);
    expect(steps).toBe(way === 'allows' ? 3 : 6);
    expect(server.signIns()).toBe(1);
  });

  test('keeps local storage too, and asks no server for it', async () => {
    const server = await startSessionServer({
      '/authorize': () => `${loginForm('/login')}<output></output><script>
        document.querySelector('output').textContent = localStorage.getItem('device') ?? 'unknown';
        localStorage.setItem('device', 'known');</script>`,
      '/login': () => ({ location: answer }),
    });
    const session = keepInMemory();
    const source = `log(await page.locator('output').textContent()); ${signIn}`;
    const logs: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const flow = startFlow(server, { session, source });
      await flow.outcome;
      logs.push(...flow.log);
    }
    expect(logs).toEqual(['unknown', 'known']);
    expect(new Set(server.visits.map(({ path }) => path))).toEqual(new Set(['/authorize', '/login']));
  });

  test('keeps every kind of cookie as it is, but those partitioned by site', async () => {
    const cookies = [
      'plain=1; Path=/login',
      'lasting=2; Path=/; Max-Age=86400',
      '__Host-odd=a b"c; Path=/; Secure; HttpOnly; SameSite=Strict',
      'third=Ã¼; Path=/; Secure; SameSite=None',
      '=nameless; Path=/',
      'apart=4; Path=/; Secure; SameSite=None; Partitioned',
    ];
    const server = await startSessionServer({
      '/authorize': () => loginForm('/login'),
      '/login': () => ({ location: answer, cookies }),
    });
    const session = keepInMemory();
    await startFlow(server, { session }).outcome;
    await startFlow(server, { session }).outcome;
    const [first = '', second = ''] = server.visits
      .filter(({ path }) => path === '/login')
      .map((one) => one.cookie);
    expect(first).toBe('');
    expect(second.split('; ').sort()).toEqual(
      ['plain=1', 'lasting=2', '__Host-odd=a b"c', 'third=Ã¼', 'nameless'].sort(),
    );
    const [before, after] = session.texts.map((kept) =>
      JSON.parse(kept).cookies.map(({ expires: _, ...rest }: { expires: number }) => rest),
    );
    expect(after).toEqual(before);
  });

  test.each([
    '',
    'nonsense',
    'null',
    '[]',
    '{"version":2,"cookies":[],"origins":[]}',
    text({ cookies: [{ name: 'sid' }] }),
    text({ origins: [{ origin: 'file:///etc', localStorage: [] }] }),
    text({ origins: [{ origin: 'http://127.0.0.1/path', localStorage: [] }] }),
    text({ cookies: [{ ...cookie, value: 'x'.repeat(1024 * 1024) }] }),
  ])('that cannot be read counts as none, and the next can: %j', async (kept) => {
    const server = await startSessionServer();
    const session = keepInMemory(kept);
    const { outcome, log } = startFlow(server, { session });
    expect((await outcome).url).toBe(answer);
    expect(log).toEqual(['The kept browser session could not be read: this one began fresh.']);
    await startFlow(server, { session }).outcome;
    expect(server.signIns()).toBe(1);
  });

  test.each([
    ['a cookie', { name: 'bad name;', value: '\u0000' }, []],
    ['an expiry', { name: 'odd', expires: -5 }, []],
    ['an origin', { name: 'more' }, [{ origin: 'http://[::bad', localStorage: [{ name: 'a', value: 'b' }] }]],
  ])('of which the browser refuses %s is kept without', async (_name, odd, origins) => {
    const server = await startSessionServer();
    server.sessions.add('known');
    const cookies = [
      { ...cookie, ...odd },
      { ...cookie, value: 'known' },
    ];
    const session = keepInMemory(text({ cookies, origins }));
    expect((await startFlow(server, { session }).outcome).url).toBe(answer);
    expect(server.signIns()).toBe(0);
  });

  test('that is too large is not kept, and the log says so', async () => {
    const server = await startSessionServer({
      '/authorize': () =>
        `<script>localStorage.setItem('big', 'x'.repeat(1_200_000))</script>${loginForm('/login')}`,
      '/login': () => ({ location: answer }),
    });
    const session = keepInMemory();
    const { outcome, log } = startFlow(server, { session });
    expect((await outcome).url).toBe(answer);
    expect(log).toEqual(['The browser session is larger than 1 MB, so it was not kept.']);
    expect(session.texts).toEqual([]);
  });

  test('of two flows at once is kept by the later, and both sign in', async () => {
    const server = await startSessionServer();
    const session = keepInMemory();
    const flows = [startFlow(server, { session }), startFlow(server, { session })];
    expect((await Promise.all(flows.map(({ outcome }) => outcome))).map(({ url }) => url)).toEqual([
      answer,
      answer,
    ]);
    expect(session.texts).toHaveLength(2);
    await startFlow(server, { session }).outcome;
    expect(server.signIns()).toBe(2);
  });
});

test('the values of cookies stand in no error, log or step, kept or new', async () => {
  const old = 'marker-old-0123456789';
  const fresh = 'marker new/0123456789';
  const server = await startSessionServer({
    '/authorize': ({ cookie: sent }) => `<title>Unknown ${sent}</title><p id="sent">${sent}</p>
      <a href="/next">next</a>`,
    '/next': () => ({ location: '/failed', cookies: [`sid=${encodeURIComponent(fresh)}; Path=/`] }),
    '/failed': ({ cookie: sent }) => `<title>${sent} failed</title><p id="sent">Session ${sent} ${old}</p>`,
  });
  const session = keepInMemory(text({ cookies: [{ ...cookie, value: old }] }));
  const steps: string[] = [];
  const source = `log('sent', await page.innerText('#sent'));
    await page.getByText(await page.innerText('#sent')).click();
    await page.getByRole('link').click(); await page.waitForURL('**/failed');
    throw new Error(await page.innerText('#sent'));`;
  const flow = startFlow(server, {
    session,
    source,
    watcher: { begins: ({ words }) => void steps.push(words) },
  });
  const error = await failureOf(flow.outcome);
  const told = JSON.stringify([error.toWire(), flow.log, steps]);
  expect(error.code).toBe('script_failed');
  expect(flow.log).toEqual(['sent sid=[cookie 1]']);
  expect(error.details).toMatchObject({ title: expect.stringContaining('failed') });
  expect(told).not.toMatch(/marker/);
  expect(`${String(error.cause)}${error.stack}`).not.toMatch(/marker/);
});
