import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { startCodeServer } from '../../fixtures/login-pages/code-server.ts';
import { currentCode, twoStep, twoStepUser } from '../../fixtures/login-pages/two-step.ts';
import { atCodeServer, endRecordings, plain, startRecorder } from './recording.ts';

afterAll(endRecordings);

async function userAndPassword(page: Page): Promise<void> {
  await page.getByPlaceholder('User ID').click();
  await page.keyboard.type(twoStepUser.user);
  await page.keyboard.press('Enter');
  for (const password of ['mistyped-pw', twoStepUser.password]) {
    await page.getByLabel('Password').click();
    await page.keyboard.type(password);
    const next = page.waitForResponse('**/password');
    await page.keyboard.press('Enter');
    await next;
  }
}

const firstSteps = [
  `await page.getByPlaceholder('User ID').fill(vars.user);`,
  `await page.getByPlaceholder('User ID').press('Enter');`,
  `await page.getByLabel('Password').fill(vars.password);`,
  `await page.getByLabel('Password').press('Enter');`,
];

test('records a one-time code in one field, and leaves out the attempt with a wrong password', async () => {
  const { url } = await startCodeServer(twoStep('field'));
  const { user, password, seed } = twoStepUser;
  const { record, replay } = await startRecorder(
    atCodeServer(url),
    plain({ user, password, totp_seed: seed }),
  );
  const { source, missing } = await record(async (page) => {
    await userAndPassword(page);
    await page.getByLabel('Verification code').click();
    await page.keyboard.type(currentCode());
    await page.getByRole('button', { name: 'Verify' }).click();
  });
  expect(source.split('\n').slice(1)).toEqual([
    ...firstSteps,
    `await page.getByLabel('Verification code').fill(await totp(vars.totp_seed));`,
    `await page.getByRole('button', { name: 'Verify' }).click();`,
    '',
  ]);
  expect(missing).toEqual([]);
  expect(await replay(source)).toBe('held');
});

test.each(['typed', 'pasted'])('records a one-time code that is %s into boxes', async (way) => {
  const { url } = await startCodeServer(twoStep('boxes'));
  const { record, replay, setValues } = await startRecorder(atCodeServer(url));
  const { source, missing } = await record(async (page) => {
    await userAndPassword(page);
    const first = page.getByLabel('Digit 1');
    await first.click();
    if (way === 'typed') return page.keyboard.type(currentCode(), { delay: 20 });
    await page.evaluate((code) => {
      const app = document.body.appendChild(document.createElement('textarea'));
      app.value = code;
      app.select();
    }, currentCode());
    await page.keyboard.press('Control+C');
    await first.focus();
    await page.keyboard.press('Control+V');
  });
  expect(source.split('\n').slice(1)).toEqual([
    ...firstSteps,
    'const code = await totp(vars.totp_seed);',
    ...[0, 1, 2, 3, 4, 5].map((index) => `await page.getByLabel('Digit ${index + 1}').fill(code[${index}]);`),
    '',
  ]);
  expect(missing).toEqual([
    { name: 'user', secret: false, differs: false },
    { name: 'password', secret: true, differs: false },
    { name: 'totp_seed', secret: true, differs: false },
  ]);
  const { user, password, seed } = twoStepUser;
  await setValues(plain({ user, password, totp_seed: seed }));
  expect(await replay(source)).toBe('held');
});
