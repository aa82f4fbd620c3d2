import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  endChromium,
  openSample,
  rejectionOf,
  resultOf,
  sendSaved,
  startEngine,
  statusOf,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

afterAll(endChromium);

const profile = 'orders-api';

const badScripts: [name: string, source: string, code: string, details: Record<string, unknown>][] = [
  [
    'a syntax error',
    `await page.getByLabel('User name').fill('alice');\nawait page.getByLabel('Password').fill(;\n`,
    'script_syntax',
    { file: 'orders-api.js', line: 2 },
  ],
  ['a loop without end', '\nwhile (true) {}', 'script_limit', { file: 'orders-api.js' }],
  [
    'a selector that never appears',
    `// The login screen\nawait page.getByLabel('Kennwort').fill('x', { timeout: 300 });`,
    'script_step_failed',
    { line: 2, step: 'page.getByLabel("Kennwort").fill(…)', title: 'Sign in · Playground' },
  ],
  ['a call off the list', `await page.evaluate('1');`, 'script_failed', { line: 1 }],
  ['a module of Node', `import fs from 'node:fs';`, 'script_failed', {}],
  ['an error of its own', `throw new Error('no luck');`, 'script_failed', { line: 1 }],
  ['a promise that nobody keeps', 'await new Promise(() => {});', 'script_failed', {}],
];

test('each bad script fails with its code and place; the engine and the token go on', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  const good = await engine.call('scripts.read', { profile });
  const first = await engine.call('tokens.get', { profile });
  expect(first).toMatchObject({ access: { kind: 'held' }, failure: null });

  for (const [name, source, code, details] of badScripts) {
    await engine.call('scripts.save', { profile, source });
    const failure = await rejectionOf(engine.call('tokens.get', { profile }));
    expect(failure, name).toMatchObject({ code, action: expect.any(String), details });
    expect(await statusOf(engine, profile), name).toMatchObject({
      access: first.access,
      refresh: { kind: 'usable' },
      activity: { kind: 'idle' },
      failure: { code },
    });
    expect((await tokenEvents(engine)).at(-1), name).toMatchObject({
      kind: 'obtain_failed',
      error: { code },
    });
    // What is held is used as before.
    expect(resultOf(await sendSaved(engine, 'orders/list')), name).toBe(200);
  }

  await engine.call('scripts.save', { profile, source: good.source });
  expect(await engine.call('tokens.get', { profile })).toMatchObject({ failure: null });
});

test('a script is checked as it is typed, with the line of its syntax error', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const check = async (source: string) => (await engine.call('scripts.check', { source })).error;
  expect(await check('await page.getByLabel("User").click();')).toBeNull();
  expect(await check('\n\nawait (')).toMatchObject({ code: 'script_syntax', details: { line: 3 } });
});

test('a wrong password in the script fails at the consent screen that never came, and is not told', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  const source = `await page.getByLabel('User name').fill('alice');
await page.getByLabel('Password').fill('wr0ng-pa55w0rd');
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('button', { name: 'Allow' }).click({ timeout: 3000 });`;
  await engine.call('scripts.save', { profile, source });
  const failure = await rejectionOf(engine.call('tokens.get', { profile }));
  expect(failure).toMatchObject({ code: 'script_step_failed', details: { line: 4 } });
  expect(failure.details?.text).toContain('The user name or password is wrong.');
  expect(JSON.stringify(failure)).not.toContain('wr0ng-pa55w0rd');
});

test('a refused consent ends with the words of the server', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  const { source } = await engine.call('scripts.read', { profile });
  await engine.call('scripts.save', { profile, source: source?.replace("'Allow'", "'Deny'") ?? '' });
  expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
    code: 'consent_denied',
    server: { error: 'access_denied', errorDescription: 'Alice Admin denied the access.' },
  });
});

test('a script that is no text, or has gone since the project was read, is named', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const file = join(await openSample(engine), 'scripts', 'orders-api.js');
  await writeFile(file, Buffer.from([0xff, 0xfe, 0x00]));
  expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
    code: 'project_file_unreadable',
    details: { file: 'scripts/orders-api.js' },
  });

  await writeFile(file, '// so that it is there');
  await engine.call('profiles.create', { name: 'Another' });
  await rm(file);
  const gone = await rejectionOf(engine.call('tokens.get', { profile }));
  // The watch may have read the project anew by then: without a script it is consent that is wanted.
  expect(['script_not_found', 'consent_required']).toContain(gone.code);
  expect(gone.action).toEqual(expect.any(String));
});
