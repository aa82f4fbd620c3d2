import { describe, expect, test } from 'vitest';
import { hostsOfLogin } from '../../../electron/consent/automation/allowed-hosts.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './failure-of.ts';
import { startLoginServer } from './login-server.ts';
import { pageWith, run } from './script-page.ts';

const input = '<title>A form</title><label>User <input id="user"></label>';

describe('step', () => {
  test('gives what its work gives, and names the nested steps of a call that fails', async () => {
    const source = `const two = await step('Sign in', async () => 1 + await step('Count', () => 1)); log(two);
      await step('Sign in', () => step('Password', async () => {
        await page.click('#none', { timeout: 100 }); }));`;
    const lines: string[] = [];
    const error = await failureOf(run(await pageWith(input), source, { onLog: (line) => lines.push(line) }));
    expect(lines).toEqual(['2']);
    expect(error.code).toBe('script_step_failed');
    expect(error.message).toContain('(a.js, line 3, in “Sign in › Password”)');
    expect(error.details).toMatchObject({ part: 'Sign in › Password', line: 3 });
  });

  test('is over when its work failed and the script went on', async () => {
    const source = `await step('One', async () => { throw new Error('x') }).catch(() => {});
      await page.click('#none', { timeout: 100 });`;
    const error = await failureOf(run(await pageWith(input), source));
    expect(error.details).not.toHaveProperty('part');
  });

  test.each([`step('', () => 1)`, `step('x')`, `step(1, () => 1)`])('refuses %s', async (source) => {
    const error = await failureOf(run(await pageWith(input), `await ${source}`));
    expect(error.message).toMatch(/needs a (name|function)/);
  });

  test('hides a value in its name', async () => {
    const source = `await step('as ' + vars.password, () => page.click('#none', { timeout: 50 }))`;
    const vars = { password: new Secret('hunter22') };
    const error = await failureOf(run(await pageWith(input), source, { vars }));
    expect(JSON.stringify(error.toWire())).not.toContain('hunter22');
    expect(error.message).toContain('in “as [password]”');
  });
});

describe('totp', () => {
  // RFC 6238 appendix B: this seed in base32.
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  test.each([
    [seed, /^\d{6}$/],
    ['gezd gnbv gy3t qojq gezd gnbv gy3t qojq', /^\d{6}$/],
    [`otpauth://totp/Orders:alice?secret=${seed}&digits=8&algorithm=SHA256&period=60`, /^\d{8}$/],
  ])('gives the code of %s, and hides it from then on', async (value, code) => {
    const page = await pageWith(input);
    const heard: unknown[] = [];
    const onSecret = (secret: unknown) => heard.push(secret);
    const source = `await page.fill('#user', await totp(vars.seed)); log(await page.inputValue('#user'))`;
    const { log } = await run(page, source, { vars: { seed: new Secret(value) }, onSecret });
    expect(await page.inputValue('#user')).toMatch(code);
    expect(log).toEqual(['[totp]']);
    expect(heard).toHaveLength(1);
  });

  test.each([
    'not base32!',
    '',
    '0189',
    'otpauth://hotp/x?secret=GEZDGNBV&counter=1',
    'otpauth://totp/x',
    '==',
  ])('refuses %j without repeating it', async (value) => {
    const error = await failureOf(run(await pageWith(input), `await totp(${JSON.stringify(value)})`));
    expect(error.code).toBe('script_failed');
    expect(error.message).toContain('a seed is base32 text');
    if (value.length > 3) expect(error.message).not.toContain(value);
  });
});

test('the console is the log', async () => {
  const { log } = await run(await pageWith(''), `console.log('a', 1); console.error({ b: 2 });`);
  expect(log).toEqual(['a 1', '{"b":2}']);
});

describe('locators', () => {
  const nested = `<iframe id="outer" srcdoc="<iframe id='inner' srcdoc='<input aria-label=Deep>'></iframe>"></iframe>
    <my-login></my-login><ul><li>One <b>x</b></li><li>Two</li><li hidden>Three</li></ul>
    <button title="Save it">Save</button><script>
    document.querySelector('my-login').attachShadow({ mode: 'open' }).innerHTML = '<label>PIN <input id="pin"></label>';
    </script>`;

  test('reach into frames within frames and into shadow DOM, and combine', async () => {
    const page = await pageWith(nested);
    const { log } = await run(
      page,
      `const inner = page.locator('#outer').contentFrame().frameLocator('#inner').first();
      await inner.getByLabel('Deep').fill('deep'); log(await inner.getByLabel('Deep').inputValue());
      log(await page.frameLocator('iframe').last().owner().getAttribute('id'), await page.frameLocator('iframe').nth(0).owner().count());
      await page.getByLabel('PIN').fill('12'); await page.getByLabel('PIN').blur(); log(await page.inputValue('#pin'));
      const items = page.locator('li');
      log(await items.filter({ has: page.locator('b') }).count(), await items.filter({ hasNot: page.getByText('x') }).count(),
        await items.filter({ visible: true }).count(), await page.locator('ul', { has: items.filter({ has: page.locator('b') }) }).count());
      log(await page.getByRole('button').and(page.getByTitle('Save it')).count(), await items.or(page.getByRole('button')).count());
      await items.first().scrollIntoViewIfNeeded();
      await page.locator('#pin').focus(); await page.keyboard.insertText('34'); await page.keyboard.down('Shift');
      await page.keyboard.press('KeyA'); await page.keyboard.up('Shift'); log(await page.inputValue('#pin'));`,
    );
    expect(log).toEqual(['deep', 'outer 1', '12', '1 2 2 1', '1 4', '1234A']);
  });

  test.each([
    [`page.locator('li').and('li').count()`, 'a locator of a page'],
    [`page.locator('li').and({ locator: [{ method: 'evaluate', args: [] }] }).count()`, 'evaluate is not in'],
    [`page.locator('li').and({ locator: [{ method: 'title', args: [] }] }).count()`, 'a locator of a page'],
    [`page.locator('li').and(page)`, 'page cannot be handed to the page'],
  ])('are refused as %s', async (source, words) => {
    const error = await failureOf(run(await pageWith(nested), `await ${source}`));
    expect(error.code).toBe('script_failed');
    expect(error.message).toContain(words);
  });
});

describe('popups', () => {
  const opener = (popup: string) => ({
    '/': () => `<button onclick="window.open('/popup')">Open</button><p id=said></p>`,
    '/popup': () => popup,
  });

  test('do not answer for the page when its own step fails', async () => {
    const server = await startLoginServer(opener('<title>Second</title><button>Advert</button>'));
    const page = await pageWith('');
    await page.goto(server.url);
    const source = `await Promise.all([page.waitForEvent('popup'), page.click('button')]);
      await page.getByRole('button', { name: 'Sign-in' }).click({ timeout: 200 });`;
    const error = await failureOf(run(page, source, { hosts: hostsOfLogin(server.url, []) }));
    expect(error.details?.nearest).not.toContain('Advert');
  });

  test('are worked like the page, and closed', async () => {
    const server = await startLoginServer(
      opener(`<title>Second</title><input id=user oninput="opener.document.title = this.value">`),
    );
    const page = await pageWith('');
    await page.goto(server.url);
    const { log } = await run(
      page,
      `const popupPromise = page.waitForEvent('popup');
      await page.getByRole('button').click();
      const popup = await popupPromise;
      await popup.locator('#user').fill('bob'); log(await popup.title(), await page.title());
      await expect(popup).toHaveTitle('Second'); await page.bringToFront(); await popup.close();
      const [second] = await Promise.all([page.waitForEvent('popup'), page.click('button')]); log(await second.title());`,
      { hosts: hostsOfLogin(server.url, []) },
    );
    expect(log).toEqual(['Second bob', 'Second']);
    expect(page.context().pages()).toHaveLength(2);
  });

  test('that never open fail in their time, and others than popups are named', async () => {
    const page = await pageWith(input);
    const error = await failureOf(run(page, `await page.waitForEvent('popup', { timeout: 100 })`));
    expect(error.code).toBe('script_step_failed');
    const other = await failureOf(run(page, `await page.waitForEvent('request')`));
    expect(other.message).toContain('popup');
    expect((await failureOf(run(page, 'await page.close()'))).message).toContain('closes only a popup');
    expect(page.isClosed()).toBe(false);
  });
});

describe('dialogs', () => {
  const asks = `<button onclick="document.title = [confirm('Sure?'), prompt('Who?', 'me')].join()">Ask</button>`;

  test('are dismissed without a handler, and answered by one', async () => {
    const page = await pageWith(asks);
    await run(page, `await page.click('button')`);
    expect(await page.title()).toBe('false,');
    const { log } = await run(
      page,
      `page.on('dialog', async (dialog) => { log(dialog.type(), dialog.message(), dialog.defaultValue());
        await dialog.accept(dialog.type() === 'prompt' ? 'bob' : undefined); });
      await page.click('button');`,
    );
    expect(log).toEqual(['confirm Sure? ', 'prompt Who? me']);
    expect(await page.title()).toBe('true,bob');
  });

  test('are answered once by once, as the recorder writes it, and then dismissed', async () => {
    const page = await pageWith(asks);
    const { log } = await run(
      page,
      `page.once('dialog', dialog => { console.log(\`Dialog message: \${dialog.message()}\`); dialog.accept().catch(() => {}); });
      await page.click('button');`,
    );
    expect(log).toEqual(['Dialog message: Sure?']);
    expect(await page.title()).toBe('true,');
    await run(page, `await page.click('button')`);
    expect(await page.title()).toBe('false,');
  });

  test('are waited for by a script that has nothing else to do', async () => {
    const page = await pageWith(`<script>setTimeout(() => { document.title = confirm('x') }, 300)</script>`);
    await run(
      page,
      `await new Promise((go) => page.once('dialog', async (dialog) => { await dialog.accept(); go(); }));`,
    );
    expect(await page.title()).toBe('true');
  });

  test('wait for an answer as long as a watcher holds it', async () => {
    const page = await pageWith(`<button onclick="document.title = confirm('x')">Ask</button>`);
    const begins = async ({ words }: { words: string }): Promise<void> => {
      if (words.startsWith('dialog')) await new Promise((resolve) => setTimeout(resolve, 900));
    };
    const source = `page.on('dialog', (dialog) => dialog.accept()); await page.getByRole('button').click({ timeout: 3000 });`;
    await run(page, source, { stepLimitMs: 500, watcher: { begins } });
    expect(await page.title()).toBe('true');
  });

  test('that the handler leaves open are dismissed in time, with an error that says so', async () => {
    const page = await pageWith(`<button onclick="alert(1)">Ask</button>`);
    const source = `page.on('dialog', () => {}); await page.click('button');`;
    const error = await failureOf(run(page, source, { stepLimitMs: 1000 }));
    expect(error.message).toMatch(/did not answer the alert dialog within (0\.\d|1(\.\d)?) s/);
    expect(await page.evaluate('1')).toBe(1);
  });

  test.each([
    [
      `page.on('dialog', () => { throw new Error('in the handler') }); await page.click('button');`,
      'in the handler',
    ],
    [
      `page.on('dialog', async (d) => { await d.accept(); await d.accept(); }); await page.click('button');`,
      'answered already',
    ],
    [`page.on('request', () => {})`, `only 'dialog' can be listened to`],
    [`page.on('popup', () => {})`, `waitForEvent('popup')`],
    [`page.on('dialog')`, 'needs a function'],
  ])('fail the script when the handler does: %s', async (source, words) => {
    const page = await pageWith(asks);
    const error = await failureOf(run(page, source, { stepLimitMs: 1500 }));
    expect(error.message).toContain(words);
  });
});
