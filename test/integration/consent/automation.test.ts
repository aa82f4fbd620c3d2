import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hostsOfLogin } from '../../../electron/consent/automation/allowed-hosts.ts';
import { prepareStep } from '../../../electron/consent/automation/replay.ts';
import { scriptPlace } from '../../../electron/consent/automation/script-errors.ts';
import { createScriptPages } from '../../../electron/consent/automation/script-pages.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './failure-of.ts';
import { startLoginServer } from './login-server.ts';
import { home, hosts, pageWith, run } from './script-page.ts';

const form = `<title>A form</title>
  <label>User <input id="user" placeholder="Your name" title="User name" value="old"></label>
  <label>Remember <input type="checkbox"></label>
  <label>Colour <select><option value="r">Red<option value="g">Green</select></label>
  <img alt="Logo" onclick="this.dataset.hit = 'yes'" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="9" height="9">
  <ul><li data-testid="one">First <b hidden>secret</b></li><li>Second</li></ul>
  <button disabled>Wait</button><button ondblclick="document.title = 'twice'">Go</button>
  <iframe srcdoc="<label>Inner <input></label><button onclick='document.title = this.previousSibling'>In</button>"></iframe>`;

describe('on a real page, a script', () => {
  test('finds and works everything that it is given', async () => {
    const page = await pageWith(form);
    const { log } = await run(
      page,
      `const user = page.getByLabel('User');
      log(await user.inputValue(), await page.getByPlaceholder(/your/i).count(), await page.getByTitle('User name').isEnabled());
      await user.clear(); await user.pressSequentially('al'); await page.keyboard.type('i'); await user.press('Home');
      log(await page.inputValue('#user'), await user.getAttribute('id'), await user.getAttribute('none'));
      await page.fill('#user', 'bob'); await page.getByLabel('Remember').check(); log(await page.isChecked('[type=checkbox]'));
      await page.getByLabel('Remember').setChecked(false); log(await page.getByRole('checkbox').isChecked());
      await page.getByLabel('Colour').selectOption({ label: 'Green' }); log(await page.getByLabel('Colour').inputValue());
      await page.getByAltText('Logo').click(); log(await page.getByAltText('Logo').getAttribute('data-hit'));
      log(await page.getByTestId('one').innerText(), '/', await page.getByTestId('one').textContent());
      log(await page.locator('li').allTextContents(), await page.locator('li').nth(1).textContent(), await page.locator('li').filter({ hasText: /first/i }).count());
      log(await page.getByText('secret').isVisible(), await page.getByRole('button', { name: 'Wait' }).isDisabled());
      await page.getByRole('button', { name: 'Go', exact: true }).dblclick(); log(await page.title());
      const inner = page.frameLocator('iframe'); await inner.getByLabel('Inner').fill('x'); log(await inner.locator('input').inputValue());
      await page.getByText('Second').hover(); await page.getByText('Never').waitFor({ state: 'hidden' });
      await page.waitForSelector('li'); await page.waitForLoadState(); log(await page.url());`,
    );
    expect(log).toEqual([
      'old 1 true',
      'ali user null',
      'true',
      'false',
      'g',
      'yes',
      'First / First secret',
      '["First secret","Second"] Second 1',
      'false true',
      'twice',
      'x',
      home,
    ]);
    expect(await page.inputValue('#user')).toBe('bob');
  });

  test('goes to pages, and waits for addresses by text, glob and expression', async () => {
    const server = await startLoginServer({
      '/one': () => `<title>One</title><a href="/two?x=1">next</a>`,
      '/two': () => '<title>Two</title>',
    });
    const page = await pageWith('');
    const source = `await page.goto(vars.start); await page.getByRole('link').click();
      await page.waitForURL('**/two?x=*'); await page.waitForURL(/two/); await page.waitForURL(vars.end);
      await page.reload(); log(await page.title());`;
    const vars = { start: `${server.url}/one`, end: `${server.url}/two?x=1` };
    const hosts = hostsOfLogin(server.url, []);
    expect((await run(page, source, { vars, hosts })).log).toEqual(['Two']);
  });

  test('says which address it waited for when that never comes', async () => {
    const error = await failureOf(run(await pageWith(''), `await page.waitForURL('**/x', { timeout: 200 })`));
    expect(error.message).toContain('page.waitForURL("**/x", { timeout: 200 }) failed (a.js, line 1)');
  });

  test.each([
    [`page.goto('file:///etc/passwd')`, 'only http and https'],
    [`page.goto('javascript:alert(1)')`, 'only http and https'],
    [`page.waitForTimeout(60000)`, '<=10000'],
    [`page.click('button', { timeout: 0 })`, 'timeout'],
    [`page.getByRole('nobody').click()`, 'expected one of'],
    [`page.getByText('x', { has: 1 }).click()`, 'has'],
    [`page.getByText(/x/g).click()`, 'flags i, m, s, u'],
    [`page.getByText(new RegExp('x'.repeat(600))).click()`, 'at most 500 characters'],
    [`page.fill('#user')`, 'page.fill("#user")'],
    [`page.fill('#user', undefined)`, 'page.fill("#user", …)'],
    [`page.title(1)`, 'page.title(1)'],
  ])('is refused %s, with the reason and before anything happens', async (source, words) => {
    const error = await failureOf(run(await pageWith(form), `\nawait ${source}`));
    expect(error.code).toBe('script_failed');
    expect(error.message).toContain(words);
    expect(error.details).toMatchObject({ line: 2, file: 'a.js' });
  });

  test('never has what it types in an error, a step or a log', async () => {
    const page = await pageWith(form);
    const vars = { password: new Secret('hunter22') };
    const told: string[] = [];
    const watcher = { begins: (step: { words: string }) => void told.push(step.words) };
    const source = `log('typing ' + vars.password); await page.fill('#user', vars.password);
      await page.getByText(vars.password).isVisible(); await page.getByRole('button').fill(vars.password)`;
    const error = await failureOf(run(page, source, { vars, watcher, stepLimitMs: 300 }));
    expect(await page.inputValue('#user')).toBe('hunter22');
    expect(JSON.stringify([error.toWire(), told])).not.toContain('hunter22');
    expect(told).toContain('page.getByText("[password]").isVisible()');
    const { log } = await run(page, 'log(vars.password)', { vars });
    expect(log).toEqual(['[password]']);
  });

  test('makes its calls one after another, also those that it does not await', async () => {
    const page = await pageWith(form);
    await run(page, `page.fill('#user', '1'); page.fill('#user', '2'); page.keyboard.type('3')`);
    expect(await page.inputValue('#user')).toBe('23');
  });

  test('fails with a call that nobody awaited', async () => {
    const error = await failureOf(
      run(await pageWith(form), `page.click('#none', { timeout: 100 });\nawait page.title();`),
    );
    expect(error.code).toBe('script_step_failed');
    expect(error.details).toMatchObject({ line: 1, step: 'page.click("#none", { timeout: 100 })' });
  });

  test('is told how many megabytes are too many', async () => {
    const page = await pageWith(`<pre>${'x'.repeat(1_100_000)}</pre>`);
    const error = await failureOf(run(page, `await page.textContent('pre')`));
    expect(error.code).toBe('script_limit');
  });

  test('is over in its time, and names the step that it had come to', async () => {
    const error = await failureOf(
      run(await pageWith(form), `await page.title();\nawait page.waitForTimeout(9000)`, {
        timeLimitMs: 4000,
      }),
    );
    expect(error.code).toBe('script_timeout');
    expect(error.details).toEqual({ file: 'a.js', line: 2, step: 'page.waitForTimeout(9000)' });
  });

  test('stops when it is told to', async () => {
    const cancel = new AbortController();
    const watcher = { begins: () => cancel.abort() };
    const work = run(await pageWith(form), 'for (;;) await page.title()', { signal: cancel.signal, watcher });
    expect((await failureOf(work)).code).toBe('cancelled');
  });

  test('fails in words when its page is closed under it', async () => {
    const page = await pageWith(form);
    const watcher = { begins: () => void page.close() };
    const error = await failureOf(run(page, 'await page.waitForTimeout(9000)', { watcher }));
    expect(error.code).toBe('script_step_failed');
  });
});

describe('a watcher', () => {
  test('that rejects ends the script, whatever the script makes of it', async () => {
    const page = await pageWith(form);
    const begins = () => {
      throw new AppError('cancelled', 'Enough.');
    };
    const source = `try { await page.title() } catch {} await page.fill('#user', 'mine')`;
    const error = await failureOf(run(page, source, { watcher: { begins } }));
    expect([error.code, error.message]).toEqual(['cancelled', 'Enough.']);
    expect(await page.inputValue('#user')).toBe('old');
  });

  test('that holds an action while the script is stopped sees it done no more', async () => {
    const page = await pageWith(form);
    const cancel = new AbortController();
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const begins = () => {
      cancel.abort();
      return held;
    };
    const work = run(page, `await page.fill('#user', 'mine')`, {
      watcher: { begins },
      signal: cancel.signal,
    });
    expect((await failureOf(work)).code).toBe('cancelled');
    letGo();
    await page.waitForTimeout(200);
    expect(await page.inputValue('#user')).toBe('old');
  });

  test.each([
    ['an answer that is too long', `await page.title()`, 'read more than 1 MB'],
    [
      'a dialog that is left open',
      `page.on('dialog', () => {}); await page.click('#ask', { timeout: 2000 })`,
      'did not answer the alert dialog',
    ],
  ])('hears of the failure as it is: %s', async (_name, source, words) => {
    const page = await pageWith(`<button id="ask" onclick="alert(1)">Ask</button>`);
    await page.evaluate(() => {
      document.title = 'x'.repeat(1_100_000);
    });
    const reasons: (string | null)[] = [];
    const ended = (_step: unknown, { reason }: { reason: string | null }) => void reasons.push(reason);
    const error = await failureOf(run(page, source, { watcher: { ended }, stepLimitMs: 500 }));
    expect(error.message).toContain(words);
    expect(reasons.at(-1)).toContain(words);
  });
});

describe('a recorded chain from outside the sandbox', () => {
  const where = scriptPlace('a.js', 1);
  const call = (method: string, ...args: unknown[]) => ({ method, args });
  const pagesOf = (page: Page) =>
    createScriptPages({
      ...{ page, hosts, stepLimitMs: 100 },
      ...{ send: () => undefined, hide: () => undefined },
    });
  test.each([
    ['a method that is not on the list', [call('evaluate', '1')]],
    ['one of the context', [call('context')]],
    ['one that every object has', [call('constructor', 'return 1')]],
    ['one of the prototype', [call('__proto__'), call('click')]],
    ['one that is listed elsewhere', [call('locator', 'a'), call('goto', 'https://x.example')]],
    ['a chain after an action', [call('title'), call('click')]],
    ['a chain without an action', [call('locator', 'a')]],
    ['an empty chain', []],
    ['something else', { method: 'title' }],
    ['a chain without end', Array.from({ length: 30 }, () => call('first'))],
    ['a step with more to it', [{ ...call('title'), more: 1 }]],
    [
      'a regular expression that is none',
      [call('getByText', { regexp: { source: '(', flags: '' } }), call('click')],
    ],
  ])('is refused: %s', async (_name, chain) => {
    const page = await pageWith('');
    expect(() => prepareStep(pagesOf(page), JSON.stringify(chain), where)).toThrow(AppError);
  });
});
