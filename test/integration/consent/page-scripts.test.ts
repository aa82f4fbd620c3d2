import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hostsOfLogin } from '../../../electron/consent/automation/allowed-hosts.ts';
import { type PageScriptsRun, runPageScripts } from '../../../electron/consent/automation/page-scripts.ts';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { Secret } from '../../../shared/secret.ts';
import { launchChromium } from '../../fixtures/chromium.ts';
import { failureOf } from './failure-of.ts';
import { loginForm, type Pages, startLoginServer } from './login-server.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const vars = { user: 'alice', password: new Secret('pa55 "w\'rd') };

function script(source: string, more: Partial<PageScript> = {}): PageScript {
  return { name: 'One', url: '', selector: '', source, ...more };
}

async function at(html: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const home = 'https://page.example/';
  await page.route(home, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto(home);
  return page;
}

async function atServer(pages: Pages, path = '/start') {
  const server = await startLoginServer(pages);
  const page = await at('');
  await page.goto(server.url + path);
  return { page, server };
}

function run(page: Page, pages: PageScript[], more: Partial<PageScriptsRun> = {}) {
  const hosts = hostsOfLogin(page.url(), []);
  hosts.follow(page, page.url());
  return runPageScripts({ pages, fileName: 'a.pages.json', page, vars, hosts, ...more });
}

const signIn = `document.getElementsByName('user')[0].value = vars.user;
document.getElementsByName('password')[0].value = vars.password;
document.forms[0].submit();`;
const titles = (name: string) => `document.title += '${name}';`;

describe('page scripts', () => {
  test('run one in each page, in order, and leave pages by themselves', async () => {
    const { page, server } = await atServer({
      '/start': () => loginForm('/login'),
      '/login': () => '<form action="/end"><button id="allow">Allow</button></form>',
      '/end': () => '<title>End</title>',
    });
    const steps: string[] = [];
    const allow = script(`document.getElementById('allow').click()`, { name: 'Consent' });
    const result = await run(page, [script(signIn), allow, script(titles('!'))], {
      watcher: { begins: ({ index, words }) => void steps.push(`${index} ${words}`) },
    });
    expect(result).toEqual({ steps: 3 });
    expect(await page.title()).toBe('End!');
    expect(steps).toEqual(['1 page script 1 “One”', '2 page script 2 “Consent”', '3 page script 3 “One”']);
    expect(
      new URLSearchParams(server.visits.find(({ path }) => path === '/login')?.body).get('password'),
    ).toBe(vars.password.reveal());
  });

  test('wait for their URL through redirects in the background', async () => {
    const { page } = await atServer({
      '/start': () => '<script>location.href = "/between?session_code=1"</script>',
      '/between': () => '<meta http-equiv="refresh" content="0;url=/login"><title>Between</title>',
      '/login': () => '<title>Login</title>',
    });
    await run(page, [script(titles('!'), { url: '**/login' })]);
    expect(await page.title()).toBe('Login!');
  });

  test('wait for their screen in a page that is never left', async () => {
    const page = await at(`<div id="one"><button onclick="setTimeout(() => {
        document.body.innerHTML = '<p id=two>Two</p>' }, 100)">Next</button></div>`);
    const pages = [
      script(`document.querySelector('#one button').click()`, { selector: '#one' }),
      script(titles('two'), { selector: '#two' }),
    ];
    await run(page, pages);
    expect(await page.title()).toBe('two');
  });

  test('take a change of the URL in the same page for another page, and never run twice in one', async () => {
    const { page } = await atServer({ '/start': () => '<title>T</title>' });
    const next = script(`setTimeout(() => history.pushState({}, '', '/start#next'), 100)`, {
      url: '**/start*',
    });
    await run(page, [next, script(titles('2'), { url: '**/start*' })]);
    expect(await page.title()).toBe('T2');
    const error = await failureOf(run(page, [script(''), script('')], { stepLimitMs: 2000 }));
    expect(error.code).toBe('script_step_failed');
    expect(error.message).toContain('page script 2 “One” failed');
    expect(error.message).toContain('no other page was loaded within 2 s');
  });

  test('run where the page allows no code from text, and may await and return', async () => {
    const html = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>T</title>`;
    const { page } = await atServer({ '/start': () => html });
    await run(page, [script(`await Promise.resolve(); if (1) { ${titles('a')} return; }\n${titles('b')}`)]);
    expect(await page.title()).toBe('Ta');
  });

  test('are filled with the properties of SoapUI, whatever is in their values', async () => {
    const page = await at('<input id="u"><input id="p">');
    const source = `document.getElementById('u').value = '\${#Project#user}@x';
      document.getElementById('p').value = "\${#TestCase#password}"; document.title = '\${other}';`;
    await run(page, [script(source)]);
    expect([await page.inputValue('#u'), await page.inputValue('#p'), await page.title()]).toEqual([
      'alice@x',
      vars.password.reveal(),
      `\${other}`,
    ]);
  });
});

describe('a page script that fails', () => {
  test.each([
    ['throws', `\nthrow new Error('no ' + vars.password)`, 'script_step_failed', 'no [password]', 2],
    [
      'uses what is not there',
      `var a = 1;\n\ndocument.getElementById('x').value = 1`,
      'script_step_failed',
      'null',
      3,
    ],
    ['rejects later', `await 1;\nawait Promise.reject('later')`, 'script_step_failed', 'later', undefined],
    ['cannot be read', `let a;\nlet = ;`, 'script_syntax', 'page script 1', 2],
    ['breaks out of its function', `}; window.out = 1; {`, 'script_syntax', 'page script 1', 1],
    ['begins as a program does', '#!/bin/node', 'script_syntax', 'page script 1', 1],
    ['is nested without end', '('.repeat(40_000), 'script_syntax', 'nested too deep', undefined],
    ['never ends', 'await new Promise(() => {})', 'script_timeout', 'did not end within 1 s', undefined],
    ['loops', 'for (;;) {}', 'script_timeout', 'did not end within 1 s', undefined],
    ['waits for CSS that is none', '', 'script_step_failed', 'selector', undefined],
  ])('%s', async (_name, source, code, words, line) => {
    const page = await at('<title>T</title>');
    const selector = source === '' ? '((' : '';
    const error = await failureOf(run(page, [script(source, { selector })], { stepLimitMs: 1000 }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.details?.line).toBe(line);
    expect(JSON.stringify(error.toWire())).not.toContain('pa55');
  });

  test('runs none when one of them cannot be read', async () => {
    const page = await at('<title>T</title>');
    const error = await failureOf(run(page, [script(titles('ran')), script('let = ;', { name: 'Bad' })]));
    expect(error.details).toMatchObject({ page: 2, file: 'a.pages.json' });
    expect(await page.title()).toBe('T');
  });

  test('is over in the time for all, and when it is stopped', async () => {
    const page = await at('');
    const late = await failureOf(run(page, [script('', { selector: '#no' })], { timeLimitMs: 300 }));
    expect(late.code).toBe('script_timeout');
    const cancel = new AbortController();
    const work = run(page, [script('', { selector: '#no' })], {
      signal: cancel.signal,
      watcher: { begins: () => cancel.abort() },
    });
    expect((await failureOf(work)).code).toBe('cancelled');
  });

  test('fails in words when its page is closed under it', async () => {
    const page = await at('');
    const failed = failureOf(run(page, [script(`document.title = 'begun'; await new Promise(() => {})`)]));
    await page.waitForFunction(() => document.title === 'begun');
    await page.close();
    expect((await failed).code).toBe('script_step_failed');
  });
});

describe('values', () => {
  const evil = async (go: (url: string) => Pages) => {
    const other = await startLoginServer({ '/catch': () => `<title>Other</title>` });
    return { other, ...(await atServer(go(`${other.url.replace('127.0.0.1', 'localhost')}/catch`))) };
  };
  const use = script('document.title = vars.password', { url: '**/catch' });

  test('are given only by the names that the script mentions', async () => {
    const page = await at('<title>T</title>');
    await run(page, [script(`document.title = Object.keys(vars).join() + vars['user']`)]);
    expect(await page.title()).toBe('useralice');
  });

  test('follow the login where its server redirects', async () => {
    const { page } = await evil((url) => ({
      '/start': () => loginForm('/go'),
      '/go': () => ({ location: url }),
    }));
    await run(page, [script('document.forms[0].submit()'), use]);
    expect(await page.title()).toBe(vars.password.reveal());
  });

  test('follow the login where a link of it leads', async () => {
    const { page } = await evil((url) => ({ '/start': () => `<a id="a" href="${url}">x</a>` }));
    await run(page, [script(`document.getElementById('a').click()`), use]);
    expect(await page.title()).toBe(vars.password.reveal());
  });

  test('do not go to another host than those of the login', async () => {
    const { page } = await evil((url) => ({ '/start': () => `<a id="a" href="${url}">x</a>` }));
    await page.click('a');
    const hosts = hostsOfLogin('https://login.example/', []);
    const error = await failureOf(run(page, [use], { hosts }));
    expect(error).toMatchObject({
      code: 'script_host_not_allowed',
      details: { host: new URL(page.url()).host, page: 1 },
    });
    expect(error.action).toContain('Allowed hosts');
    expect(await page.title()).toBe('Other');
  });

  test('go to another host when a person says so, whose time is not theirs', async () => {
    const { page } = await evil((url) => ({ '/start': () => `<a id="a" href="${url}">x</a>` }));
    await page.click('a');
    const asked: unknown[] = [];
    const hosts = hostsOfLogin('https://login.example/', [], async (about) => {
      asked.push(about);
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return true;
    });
    await run(page, [use], { hosts, stepLimitMs: 5000, timeLimitMs: 5500 });
    expect(asked).toEqual([{ origin: new URL(page.url()).origin, words: 'page script 1 “One”' }]);
    expect(await page.title()).toBe(vars.password.reveal());
  });

  test.each([
    [`document.title = vars.passwrod`, 'script_failed', 'mentions vars.passwrod'],
    [`document.title = '\${#Project#nope}'`, 'script_failed', 'mentions vars.nope'],
    [
      `const { user } = vars; document.title = user`,
      'script_step_failed',
      'vars.user is not mentioned as such',
    ],
  ])('that there are not are never typed as undefined: %s', async (source, code, words) => {
    const page = await at('<title>T</title>');
    const error = await failureOf(run(page, [script(source)]));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
    expect(error.details).toMatchObject({ page: 1 });
    expect(await page.title()).toBe('T');
  });

  test('stay out of a page that changes the language it is written in', async () => {
    const page = await at(`<title>T</title><script>
      Promise.prototype.then = () => ({ message: 'x'.repeat(100000), stack: 1 }); window.String = () => 'mine';
      Error.prototype.toString = () => { throw 1 }; Object.prototype.toJSON = () => 'mine';</script>`);
    const error = await failureOf(run(page, [script('throw new Error("x")')], { stepLimitMs: 2000 }));
    expect(error.message.length).toBeLessThan(1000);
    expect(['script_step_failed', 'script_timeout']).toContain(error.code);
  });
});

test('work a whole consent, which the redirect ends wherever they stand', async () => {
  const redirectUri = 'http://127.0.0.1:1/callback';
  const chromium = createChromiumBrowser({ headedPossible: () => false });
  onTestFinished(() => chromium.dispose());
  const server = await startLoginServer({
    '/authorize': () => loginForm('/login'),
    '/login': () => ({ location: `${redirectUri}?code=c0de&state=s` }),
  });
  const consent = createConsentService({ browsers: [chromium], now: Date.now });
  const begun: number[] = [];
  const outcome = await consent.run(
    {
      ...{ profileName: 'Orders', redirectUri, vars, session: null, attended: false },
      script: {
        kind: 'page_scripts',
        pages: [script(signIn), script(titles('!'))],
        fileName: 'a.pages.json',
      },
      watcher: { begins: ({ index }) => void begun.push(index) },
      begin: async () => `${server.url}/authorize`,
    },
    new AbortController().signal,
  );
  expect(outcome.url).toBe(`${redirectUri}?code=c0de&state=s`);
  expect(outcome.steps).toBe(begun.length);
  const visits = server.visits.map(({ path }) => path);
  expect(visits).toEqual(['/authorize', '/login']);
});
