import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApprovalServer, startApprovalServer } from '../fixtures/approval-server.ts';
import { cli, startCli } from '../fixtures/cli.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { untilPasses } from '../fixtures/until.ts';

const patience = { timeout: 60_000 };

let server: ApprovalServer;
beforeAll(async () => {
  server = await startApprovalServer();
});
afterAll(() => server.close());

/** A project of one profile with this grant, and a request that uses it. */
async function projectWith(grant: Record<string, unknown>) {
  const folder = await temporaryFolder();
  const project = join(folder, 'project');
  for (const part of ['profiles', 'requests']) await mkdir(join(project, part), { recursive: true });
  const profile = {
    ...{ name: 'Orders', grant, server: { issuer: server.url }, client: { kind: 'none', id: 'asking' } },
    scope: 'openid orders',
  };
  const auth = { kind: 'profile', profile: 'orders' };
  const request = { name: 'List', url: `${server.url}/.well-known/openid-configuration`, auth };
  await writeFile(join(project, 'grantwright.json'), JSON.stringify({ format: 1, name: 'Orders' }));
  await writeFile(join(project, 'profiles', 'orders.json'), JSON.stringify(profile));
  await writeFile(join(project, 'requests', 'list.json'), JSON.stringify(request));
  return { folder, project };
}

/** What is printed on standard error until it fits. */
async function printed(run: ReturnType<typeof startCli>, pattern: RegExp): Promise<string> {
  let text = '';
  run.child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  return untilPasses(() => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`Not printed: ${text}`);
    return found[1] ?? found[0];
  }, 30_000);
}

test('token get prints the code and where to enter it, and ends with the token', patience, async () => {
  const { folder, project } = await projectWith({ kind: 'device_code' });
  const run = startCli(folder, ['token', 'get', 'orders', '-p', project, '--reveal']);
  const code = await printed(run, /enter the code ([A-Z]{4}-[A-Z]{4})/);
  await server.answerCode(code, 'allow');
  const { code: exit, out, err } = await run.ended;
  expect({ exit, err }).toMatchObject({ exit: 0, err: expect.stringContaining('Device code shown') });
  expect(err).toContain(`Open ${server.url}/device in any browser`);
  expect(err).toContain(`${server.url}/device?user_code=${code}`);
  expect(out.trim()).toMatch(/^[\w-]{20,}$/);
  // Once, however often the status is told meanwhile.
  expect(err.split('enter the code')).toHaveLength(2);
});

test('a job that nobody reads is not held up by a code', async () => {
  const { folder, project } = await projectWith({ kind: 'device_code' });
  const { code, err } = await cli(folder, ['send', 'list', '-p', project]);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('consent_required') });
});

test('a job waits for whoever approves on their own device', patience, async () => {
  const { folder, project } = await projectWith({ kind: 'ciba', hintValue: 'ada', bindingMessage: 'W4' });
  const run = startCli(folder, ['send', 'list', '-p', project]);
  await printed(run, /Waiting for ada to approve on their device, who is shown “W4”/);
  await server.answerQuestion('allow');
  expect(await run.ended).toMatchObject({ code: 0 });
});
