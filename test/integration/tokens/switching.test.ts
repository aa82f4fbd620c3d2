import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resultOf, sendTo } from '../../fixtures/engine.ts';
import { until, untilPasses } from '../../fixtures/until.ts';
import { gate, openProject, profile, startServer } from './orders-server.ts';

/** An API that answers its first request only when told to, with invalid_token; notes the tokens that came. */
function rejectFirst(server: Awaited<ReturnType<typeof startServer>>) {
  const hold = gate();
  const seen: string[] = [];
  server.api = (request, response) => {
    seen.push(request.headers.authorization ?? 'none');
    if (seen.length > 1) return void response.writeHead(200).end();
    void hold.opened.then(() =>
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end(),
    );
  };
  return { seen, answer: hold.open };
}

test('a persona chosen while a request is on the wire does not get to repeat it after a 401', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile, persona: 'alice' });
  await engine.call('tokens.get', { profile, persona: 'bob' });
  const bob = (await engine.call('tokens.reveal', { profile, persona: 'bob' })).accessToken;
  const { seen, answer } = rejectFirst(server);
  const sending = sendTo(engine, `${server.url}/api`, profile);
  await until(() => seen.length === 1);
  await engine.call('settings.setPersona', { profile, persona: 'bob' });
  answer();
  const exchange = await sending;
  expect(resultOf(exchange)).toBe(200);
  expect(seen[1], 'sent as alice, repeated as bob').not.toBe(`Bearer ${bob}`);
  expect(seen).toEqual(['Bearer access-1', 'Bearer access-3']);
  expect(server.requests.findLast(({ path }) => path === '/token')?.form.get('refresh_token')).toBe(
    'refresh-1',
  );
  expect(exchange.tokenUse).toMatchObject({ persona: 'alice' });
});

test("an environment chosen while a request is on the wire does not send its token to the other one's server", async () => {
  const server = await startServer();
  const engine = await openProject(server);
  const environments = join(engine.project, 'environments');
  await mkdir(environments, { recursive: true });
  for (const name of ['dev', 'prod']) {
    await writeFile(join(environments, `${name}.json`), JSON.stringify({ name, variables: {}, secrets: [] }));
  }
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    expect(state.kind === 'open' && state.project.environments.length).toBe(2);
  });
  await engine.call('settings.setEnvironment', { environment: 'prod' });
  await engine.call('tokens.get', { profile });
  const prod = (await engine.call('tokens.reveal', { profile })).accessToken;
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  await engine.call('tokens.get', { profile });
  const { seen, answer } = rejectFirst(server);
  const sending = sendTo(engine, `${server.url}/api`, profile);
  await until(() => seen.length === 1);
  await engine.call('settings.setEnvironment', { environment: 'prod' });
  answer();
  expect(resultOf(await sending)).toBe(200);
  expect(seen[1], 'sent to dev, repeated there with the token of prod').not.toBe(`Bearer ${prod}`);
  expect(seen).toEqual(['Bearer access-2', 'Bearer access-3']);
  expect(server.requests.findLast(({ path }) => path === '/token')?.form.get('refresh_token')).toBe(
    'refresh-2',
  );
});
