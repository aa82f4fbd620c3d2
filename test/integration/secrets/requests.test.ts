import { expect, test } from 'vitest';
import { profile, send, startMarkedEngine } from './marked-project.ts';
import { startMarkedServer } from './marked-server.ts';

const grant = { kind: 'password' } as const;

test('what is sent is shown with its secrets masked', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant } });
  await engine.call('tokens.get', { profile });
  const shown = await send(engine, `${server.url}/api?key={{api_key}}`, { 'x-key': 'Key {{api_key}}' });
  expect(shown.request).toMatchObject({
    url: `${server.url}/api?key=••••••••`,
    headers: expect.arrayContaining([{ name: 'x-key', value: 'Key ••••••••' }]),
  });
  await send(engine, `${server.url}/api`);
  engine.expectNoSecret('requests that carry secrets');
});

test('an API that fails, or a request that cannot be sent, tells no secret', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant } });
  await engine.call('tokens.get', { profile });
  for (const api of ['invalid_token', 'closed'] as const) {
    server.answers.api = api;
    await send(engine, `${server.url}/api`);
    await send(engine, `${server.url}/api?{{api_key}}`, { 'x-key': '{{api_key}}' });
  }
  const unusable = [
    'http://{{api_key}}/',
    'http://u:{{api_key}}@127.0.0.1/',
    '{{api_key}}',
    'http://[{{api_key}}',
  ];
  for (const url of unusable) {
    expect(await send(engine, url)).toMatchObject({ outcome: { error: { code: 'url_invalid' } } });
  }
  const broken = await send(engine, `${server.url}/api`, { 'x-key': '{{broken_key}}' });
  expect(broken).toMatchObject({ outcome: { error: { code: 'request_invalid' } } });
  const twice = await send(engine, `${server.url}/api`, { host: 'a{{api_key}}' });
  expect(twice.outcome.kind).toBe('failed');
  engine.expectNoSecret('requests that fail');
});

test('a call that is refused does not repeat what it was given', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant } });
  await engine.call('tokens.get', { profile });
  const literal = 'l1teral-zqm4rk3r';
  // What a caller gets wrong is its own, but no log and no file may keep it.
  const wrong = [
    ['secrets.save', { name: 'not a name', value: literal }],
    ['secrets.save', { name: 'orders_secret', value: literal, more: literal }],
    ['secrets.save', { name: 'orders_secret', value: { of: literal } }],
    ['profiles.save', { id: profile, profile: { client: { kind: 'none', id: '', secret: literal } } }],
    ['tokens.get', { profile: literal.toUpperCase() }],
    ['requests.send', { id: 'list', request: { method: literal } }],
  ] as const;
  for (const [name, params] of wrong) {
    // The types would not let these through.
    const call = engine.call as (name: string, params: unknown) => Promise<unknown>;
    await expect(call(name, params)).rejects.toMatchObject({ code: 'call_invalid' });
  }
  const clientSecret = { kind: 'client_secret_post' as const, id: 'a', secret: literal };
  await expect(
    engine.call('profiles.save', {
      id: profile,
      profile: { name: 'A', grant, server: {}, client: clientSecret },
    }),
  ).rejects.toMatchObject({ message: expect.stringContaining('never written into a project') });
  engine.expectNoSecret('calls that are refused');
});
