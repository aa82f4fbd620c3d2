import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createAllowedHosts, hostsOfLogin } from '../../../electron/consent/automation/allowed-hosts.ts';
import { runScript } from '../../../electron/consent/automation/run-script.ts';
import { Secret } from '../../../shared/secret.ts';
import { launchChromium } from '../../fixtures/chromium.ts';
import { failureOf } from './failure-of.ts';
import { type LoginServer, type Pages, startLoginServer } from './login-server.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const form = `<title>Form</title><form action="/took"><input id="user" name="user"><select id="s"><option>a<option>b</select></form>`;
/** The same server under its other name, which is another host. */
const other = ({ url }: LoginServer): string => url.replace('127.0.0.1', 'localhost');
const hostOf = (url: string): string => new URL(url).host;

/** A page at the login's own host, with what the engine would allow for it. */
async function login(pages: Pages, more: (server: LoginServer) => string[] = () => []) {
  const server = await startLoginServer({ '/form': () => form, '/took': () => 'took', ...pages });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const hosts = hostsOfLogin(server.url, more(server));
  hosts.follow(page, server.url);
  const vars = { password: new Secret('hunter22'), other: other(server), home: server.url };
  const run = (source: string) =>
    runScript({ source, fileName: 'a.js', page, vars, hosts, stepLimitMs: 3000 });
  return { server, page, run };
}

async function valueAt(page: Page): Promise<string> {
  return page.frames().reduce(async (found, frame) => {
    const value = await frame.evaluate(() => document.querySelector('input')?.value ?? '');
    return (await found) + value;
  }, Promise.resolve(''));
}

describe('what is typed', () => {
  test('goes to the host of the login, and to where the login goes by itself', async () => {
    const { page, server, run } = await login({
      '/start': () => `<a href="/hop">Go</a><input>`,
      '/hop': () => ({ location: `${other(server)}/form` }),
    });
    await page.goto(`${server.url}/start`);
    await run(`await page.locator('input').fill(vars.password); await page.getByRole('link').click();
      await page.fill('#user', vars.password); await page.focus('#s'); await page.keyboard.type('b');`);
    expect(await page.inputValue('#user')).toBe('hunter22');
    expect(await page.inputValue('#s')).toBe('b');
  });

  test('goes where the server redirected before the script began', async () => {
    const { page, server, run } = await login({});
    await page.goto(`${server.url}/form`);
    await page.evaluate(
      (url) => {
        location.href = url;
      },
      `${other(server)}/form`,
    );
    await page.waitForURL('**localhost**');
    await run(`await page.fill('#user', vars.password)`);
    expect(await page.inputValue('#user')).toBe('hunter22');
  });

  test('goes where the server redirected at once', async () => {
    const { page, server, run } = await login({
      '/authorize': () => ({ location: `${other(server)}/form` }),
    });
    await page.goto(`${server.url}/authorize`);
    await run(`await page.fill('#user', vars.password)`);
    expect(await page.inputValue('#user')).toBe('hunter22');
  });

  test('goes to a frame without an address of its own as to its page', async () => {
    const { page, server, run } = await login({ '/start': () => `<iframe srcdoc='${form}'></iframe>` });
    await page.goto(`${server.url}/start`);
    await run(`await page.frameLocator('iframe').locator('#user').fill(vars.password)`);
    expect(await valueAt(page)).toBe('hunter22');
  });

  test('comes to an end where a page points at itself', async () => {
    const { page, server, run } = await login({
      '/start': () => `<iframe src="/in"></iframe><script>addEventListener('load', () => {
        const frame = document.querySelector('iframe');
        Object.defineProperty(frame.contentDocument, 'activeElement', { get: () => frame });
        Object.defineProperty(document, 'activeElement', { get: () => frame }); document.title = 'ready' })</script>`,
      '/in': () => 'in',
    });
    await page.goto(`${server.url}/start`);
    await run(`await expect(page).toHaveTitle('ready'); await page.keyboard.type('x')`);
  });

  test('goes to a host that the profile names, also within a frame', async () => {
    const { page, server, run } = await login(
      { '/start': () => `<iframe src="${other(server)}/form"></iframe>` },
      (one) => [hostOf(other(one))],
    );
    await page.goto(`${server.url}/start`);
    await run(`await page.frameLocator('iframe').locator('#user').fill(vars.password)`);
    expect(await valueAt(page)).toBe('hunter22');
  });

  test.each([
    ['fill', `await page.frameLocator('iframe').locator('#user').fill(vars.password)`],
    ['press', `await page.frameLocator('iframe').locator('#user').press('h')`],
    [
      'pressSequentially',
      `await page.frameLocator('iframe').locator('#user').pressSequentially(vars.password)`,
    ],
    ['selectOption', `await page.frameLocator('iframe').locator('#s').selectOption('b')`],
    [
      'keyboard.type',
      `await page.frameLocator('iframe').locator('#user').click(); await page.keyboard.type(vars.password)`,
    ],
    [
      'keyboard.insertText',
      `await page.frameLocator('iframe').locator('#user').focus(); await page.keyboard.insertText(vars.password)`,
    ],
    [
      'keyboard.down',
      `await page.frameLocator('iframe').locator('#user').focus(); await page.keyboard.down('h')`,
    ],
    [
      'keyboard.up',
      `await page.frameLocator('iframe').locator('#user').focus(); await page.keyboard.up('h')`,
    ],
    [
      'keyboard.press',
      `await page.frameLocator('iframe').locator('#user').focus(); await page.keyboard.press('h')`,
    ],
  ])('does not go to a frame of another host: %s', async (_name, source) => {
    const { page, server, run } = await login({
      '/start': () => `<iframe src="${other(server)}/form"></iframe>`,
    });
    await page.goto(`${server.url}/start`);
    const error = await failureOf(run(source));
    expect(error.code).toBe('script_host_not_allowed');
    expect(error.details).toMatchObject({ host: hostOf(other(server)), line: 1 });
    expect(error.action).toContain('Allowed hosts in the profile');
    expect(JSON.stringify(error.toWire())).not.toContain('hunter22');
    expect(await valueAt(page)).toBe('');
  });

  test.each([
    "await page.goto(vars.other + '/took?user=' + vars.password)",
    // An open redirect of the login's own host is the script's doing, and so is what the page there goes on to.
    `await page.goto(vars.home + '/out'); await page.fill("#user", vars.password)`,
    `await page.goto(vars.home + '/out'); await page.reload(); await page.fill("#user", vars.password)`,
    // However late it comes to it.
    `try { await page.goto(vars.home + '/slow', { timeout: 50 }) } catch {}
      await page.waitForURL('**localhost**'); await page.fill("#user", vars.password)`,
    `await page.goto(vars.home + '/later'); await page.waitForURL('**localhost**'); await page.fill("#user", vars.password)`,
    `const next = page.waitForEvent('popup'); await page.goto(vars.home + '/opens');
      const popup = await next; await popup.waitForURL('**localhost**'); await popup.fill("#user", vars.password)`,
  ])('does not go where the script went by itself: %s', async (source) => {
    const { page, server, run } = await login({
      '/out': () => ({ location: `${other(server)}/form` }),
      '/slow': async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { location: `${other(server)}/form` };
      },
      '/later': () => `<script>setTimeout(() => { location.href = '${other(server)}/form' }, 200)</script>`,
      '/opens': () => `<script>window.open('${other(server)}/form')</script>`,
    });
    await page.goto(`${server.url}/form`);
    expect((await failureOf(run(source))).code).toBe('script_host_not_allowed');
    expect(server.visits.map(({ path }) => path)).not.toContain('/took');
  });

  test.each([
    ['data:', `<iframe src="data:text/html,<input>"></iframe>`],
    [
      'blob:',
      `<script>const f = document.createElement('iframe');
      f.src = URL.createObjectURL(new Blob(['<input>'], { type: 'text/html' })); document.documentElement.append(f)</script>`,
    ],
  ])('does not go to an address that is no web page: %s', async (_name, html) => {
    const { page, server, run } = await login({ '/start': () => html });
    await page.goto(`${server.url}/start`);
    const error = await failureOf(
      run(`await page.frameLocator('iframe').locator('input').fill(vars.password)`),
    );
    expect(error.code).toBe('script_host_not_allowed');
    expect(error.message).toContain('no web page');
  });

  test('goes to a popup of the login, not to a prompt beside a frame of another host', async () => {
    const { page, server, run } = await login({
      '/start': () => `<button onclick="window.open('${other(server)}/form')">Open</button>`,
    });
    await page.goto(`${server.url}/start`);
    await run(`const opens = page.waitForEvent('popup'); await page.getByRole('button').click();
      const popup = await opens; await popup.fill('#user', vars.password)`);
    const asking = await login({
      '/start': () =>
        `<iframe src="${other(asking.server)}/form"></iframe><button onclick="document.title = prompt('x')">Ask</button>`,
    });
    await asking.page.goto(`${asking.server.url}/start`);
    const source = `page.on('dialog', (dialog) => dialog.accept(vars.password)); await page.getByRole('button').click();`;
    const error = await failureOf(asking.run(source));
    expect(error.code).toBe('script_host_not_allowed');
    expect(await asking.page.title()).not.toContain('hunter22');
  });
});

test('a page in clear is not asked about where the login is over https, and the error says why', async () => {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.route('http://clear.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: form }),
  );
  await page.goto('http://clear.example/');
  const asked: unknown[] = [];
  const hosts = hostsOfLogin('https://login.example/', ['clear.example'], async (about) => {
    asked.push(about);
    return true;
  });
  const source = `await page.fill('#user', 'x')`;
  const error = await failureOf(
    runScript({ source, fileName: 'a.js', page, vars: {}, hosts, stepLimitMs: 3000 }),
  );
  expect(error.code).toBe('script_host_not_allowed');
  expect(error.message).toContain('http://clear.example');
  expect(error.action).toContain('over https has no host over http');
  expect(asked).toEqual([]);
});

test.each([
  [['a.example'], 'https://a.example/x', true],
  [['A.example'], 'https://a.example/x', true],
  [['a.example'], 'https://a.example:8443/x', false],
  [['a.example:8443'], 'https://a.example:8443/x', true],
  [['a.example:443'], 'https://a.example/x', true],
  [['a.example:443'], 'https://a.example:8443/x', false],
  // In clear to nobody but this machine, when the login is not.
  [['a.example'], 'http://a.example/', false],
  [['localhost:80'], 'http://localhost/', true],
  [['127.0.0.1:8080'], 'http://127.0.0.1:8080/', true],
  [['a.example'], 'https://b.a.example/', false],
  [['*.a.example'], 'https://b.a.example/', true],
  [['*.a.example'], 'https://a.example/', false],
  [['*.a.example'], 'https://evil-a.example/', false],
  [['a.example'], 'https://a.example@evil.example/', false],
  [['a.example'], 'https://a.example.evil.example/', false],
  [[''], 'file:///etc/passwd', false],
  [['a.example'], 'blob:https://a.example/1', false],
  [[''], 'about:blank', false],
])('hosts %j allow %s: %s', (named, url, expected) => {
  expect(createAllowedHosts(named, { secure: true }).has(url)).toBe(expected);
});
