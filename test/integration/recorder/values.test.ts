import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { rejectionOf } from '../../fixtures/engine.ts';
import { htmlPage, type LoginPages, startCodeServer } from '../../fixtures/login-pages/code-server.ts';
import { atCodeServer, endRecordings, plain, startRecorder } from './recording.ts';

afterAll(endRecordings);

/** A page that shows and sends back what was typed. */
const echo: LoginPages = ({ path, flow, values, issue }) => {
  if (path === '/done') {
    const back = new URL(issue());
    back.searchParams.delete('code');
    const words = `${values.get('user')} is locked`;
    for (const [name, value] of [
      ['error', 'access_denied'],
      ['error_description', words],
    ] as const)
      back.searchParams.set(name, value);
    return { location: back.href };
  }
  return htmlPage(
    'Sign in',
    `<form action="/done"><input type="hidden" name="flow" value="${flow}"><label>User <input name="user"
    oninput="said.textContent = document.title = 'Nobody is called ' + this.value"></label><p id="said"></p>
    <button>Go</button></form>`,
  );
};

test('what somebody unknown typed stands in no error: not from the page when their time is over', async () => {
  const { url } = await startCodeServer(echo);
  const { engine, record } = await startRecorder(atCodeServer(url));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  try {
    const failed = rejectionOf(
      record(async (page) => {
        await page.getByLabel('User').click();
        await page.keyboard.type('unknown-here');
        await page.waitForFunction('document.title.endsWith("unknown-here")');
        // What is told by now has come when the page has answered once more.
        await expect
          .poll(() => engine.events.filter((event) => event.kind === 'recording').at(-1))
          .toMatchObject({ steps: 1 });
        await page.evaluate('0');
        vi.advanceTimersByTime(600_000);
      }),
    );
    const error = await failed;
    expect(error.code).toBe('consent_timeout');
    expect(JSON.stringify(error)).toContain('Nobody is called [typed 1]');
    expect(JSON.stringify(error)).not.toContain('unknown');
  } finally {
    vi.useRealTimers();
  }
});

test('nor from the server when it refuses', async () => {
  const { url } = await startCodeServer(echo);
  const { record } = await startRecorder(atCodeServer(url));
  const error = await rejectionOf(
    record(async (page) => {
      await page.getByLabel('User').fill('unknown-here');
      await page.getByRole('button').click();
    }),
  );
  expect(error.code).toBe('consent_denied');
  expect(error.message).toContain('is locked');
  expect(JSON.stringify(error)).not.toContain('unknown');
});

test("the environment's variables are recognised, after the persona's own values; whom a script runs for is not", async () => {
  const { url } = await startCodeServer(({ path, issue, flow }) =>
    path === '/done'
      ? { location: issue() }
      : htmlPage(
          'Sign in',
          `<label>Tenant <input></label><label>User <input></label><label>Team <input></label>
          <button onclick="location.assign('/done?flow=${flow}')">Go</button>`,
        ),
  );
  const { engine, record, replay, setValues } = await startRecorder(
    atCodeServer(url),
    plain({ user: 'alice' }),
  );
  const state = await engine.call('project.current', {});
  if (state.kind !== 'open') throw new Error('no project is open');
  const folder = join(state.project.folder, 'environments');
  await mkdir(folder, { recursive: true });
  const variables = { admin: 'alice', tenant: 'contoso' };
  await writeFile(join(folder, 'dev.json'), JSON.stringify({ name: 'Dev', variables }));
  await expect
    .poll(async () =>
      engine.call('settings.setEnvironment', { environment: 'dev' }).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  const { source, missing } = await record(async (page) => {
    await page.getByLabel('Tenant').fill('contoso');
    await page.getByLabel('User').fill('alice');
    await page.getByLabel('Team').fill('Orders');
    await page.getByRole('button').click();
  });
  expect(source.split('\n').slice(1, 4)).toEqual([
    `await page.getByLabel('Tenant').fill(vars.tenant);`,
    `await page.getByLabel('User').fill(vars.user);`,
    `await page.getByLabel('Team').fill(vars.team);`,
  ]);
  expect(missing.map(({ name }) => name)).toEqual(['team']);
  await setValues(plain({ user: 'alice', team: 'Orders' }));
  expect(await replay(source)).toBe('held');
});
