import type { Locator, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { startCodeServer } from '../../fixtures/login-pages/code-server.ts';
import { framed, framedUser } from '../../fixtures/login-pages/framed.ts';
import { singlePage, singlePageUser } from '../../fixtures/login-pages/single-page.ts';
import { startOidcServer } from '../../fixtures/oidc-server.ts';
import { ownPlayground } from '../tokens/playground-project.ts';
import { atCodeServer, endRecordings, plain, startRecorder } from './recording.ts';

afterAll(endRecordings);

/** As a person does: a click into the field, then key by key. */
async function type(page: Page, field: Locator, text: string): Promise<void> {
  await field.click();
  await page.keyboard.type(text);
}

test("records the playground's pages", async () => {
  const playground = await ownPlayground();
  const { record, replay } = await startRecorder(
    {
      server: { issuer: playground.url },
      client: { kind: 'none', id: 'playground-app' },
      grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1:9/callback' },
      scope: 'openid orders.read',
    },
    plain({ user: 'alice', password: 'alice-pw' }),
  );
  const { source, missing } = await record(async (page) => {
    await type(page, page.getByLabel('User name'), 'alicf');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('e');
    await page.keyboard.press('Tab');
    await page.keyboard.type('alice-pw');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).click();
  });
  expect(source.split('\n').slice(1)).toEqual([
    `await page.getByLabel('User name').fill(vars.user);`,
    `await page.getByLabel('Password').fill(vars.password);`,
    `await page.getByLabel('Password').press('Enter');`,
    `await page.getByRole('button', { name: 'Allow' }).click();`,
    '',
  ]);
  expect(missing).toEqual([]);
  expect(await replay(source)).toBe('held');
});

test("records oidc-provider's own pages, for a persona without any value", async () => {
  const server = await startOidcServer({ devPages: true });
  try {
    const { engine, record, replay, setValues } = await startRecorder({
      server: { issuer: server.url },
      client: { kind: 'none', id: 'none' },
      grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
      scope: 'openid orders',
    });
    const { source, missing } = await record(async (page) => {
      await type(page, page.locator('[name=login]'), 'a-user-unknown-here');
      await type(page, page.locator('[name=password]'), 'a-password-unknown-here');
      await page.getByRole('button', { name: 'Sign-in' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
    });
    expect(source + JSON.stringify(engine.events)).not.toContain('unknown-here');
    expect(missing).toEqual([
      { name: 'user', secret: false, differs: false },
      { name: 'password', secret: true, differs: false },
    ]);
    await setValues(plain({ user: 'ada', password: 'any' }));
    expect(await replay(source)).toBe('held');
  } finally {
    await server.close();
  }
});

test('records a single-page app: routes of its own, a shadow root, things that are no buttons', async () => {
  const { url } = await startCodeServer(singlePage);
  const { record, replay } = await startRecorder(atCodeServer(url), plain(singlePageUser));
  const { source, missing } = await record(async (page) => {
    await type(page, page.getByLabel('E-mail address'), singlePageUser.user);
    await page.getByText('Next').click();
    await type(page, page.getByLabel('Password', { exact: true }), 'wrong');
    await page.getByText('Sign “in” now').click();
    await page.getByText('That is wrong.').waitFor();
    await page.getByRole('button', { name: 'Show password' }).click();
    await page.getByRole('textbox', { name: 'Password' }).fill('');
    await type(page, page.getByRole('textbox', { name: 'Password' }), singlePageUser.password);
    await page.getByText('Keep me signed in').click();
    await page.getByText('Sign “in” now').click();
    await page.getByLabel('Account').focus();
    await page.keyboard.press('C');
    await page.getByRole('button', { name: 'Continue' }).click();
  });
  expect(source.split('\n').slice(1)).toEqual([
    `await page.getByLabel('E-mail address').fill(vars.user);`,
    `await page.getByRole('button', { name: 'Next' }).click();`,
    `await page.getByLabel('Password', { exact: true }).fill(vars.password);`,
    `await page.getByLabel('Keep me signed in').check();`,
    `await page.getByText('Sign “in” now').click();`,
    `await page.getByLabel('Account').selectOption('b');`,
    `await page.getByRole('button', { name: \`Continue as \${vars.user}\` }).click();`,
    '',
  ]);
  expect(missing).toEqual([]);
  expect(await replay(source)).toBe('held');
});

test('records a login in a frame of another origin, beside one with the same labels', async () => {
  const { url } = await startCodeServer(framed);
  const { record, replay, setValues, refuseHost } = await startRecorder(atCodeServer(url), plain(framedUser));
  const { source, hosts } = await record(async (page) => {
    const form = page.frameLocator('iframe[title]').frameLocator('iframe');
    await type(page, form.getByLabel('User'), framedUser.user);
    await type(page, form.locator('[name=password]'), framedUser.password);
    await form.getByText('Remember').click();
    await form.getByRole('button', { name: 'Log in' }).click();
  });
  const frames = `page.frameLocator('iframe[title="Sign in \\\\"here\\\\""]').frameLocator('iframe')`;
  expect(source.split('\n').slice(1)).toEqual([
    `await ${frames}.getByLabel('User').fill(vars.user);`,
    `await ${frames}.locator('[name="password"]').fill(vars.password);`,
    `await ${frames}.getByLabel('Remember').check();`,
    `await ${frames}.getByRole('button', { name: 'Log in' }).click();`,
    '',
  ]);
  // The person typed there; a script must be allowed to.
  expect(hosts).toEqual([`localhost:${new URL(url).port}`]);
  const refused = expect(replay(source)).rejects.toMatchObject({ code: 'script_host_not_allowed' });
  await refuseHost();
  await refused;
  await setValues(plain(framedUser), hosts);
  expect(await replay(source)).toBe('held');
});
