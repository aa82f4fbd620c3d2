import { expect, test } from 'vitest';
import { profileSchema } from '../../shared/model/profile.ts';
import { requestSchema } from '../../shared/model/request.ts';
import { cli } from '../fixtures/cli.ts';
import { openProject, profile, startServer, values } from '../integration/tokens/orders-server.ts';

const passphrase = 'one key for all';
const env = { GRANTWRIGHT_VAULT_KEY: passphrase };

/** A project with a second profile, which has another persona, and a request for each. */
async function twoProfiles() {
  const server = await startServer();
  const engine = await openProject(server, {}, { passphrase });
  const { id } = await engine.call('profiles.create', { name: 'Stock' });
  const stock = profileSchema.parse({
    name: 'Stock',
    grant: { kind: 'password' },
    server: { tokenUrl: `${server.url}/token` },
    client: { kind: 'none', id: 'app' },
    personas: [{ name: 'carol', values: values('carol') }],
  });
  await engine.call('profiles.save', { id, profile: stock });
  const ids: string[] = [];
  for (const of of [profile, id]) {
    const created = await engine.call('requests.create', { name: of });
    const auth = { kind: 'profile' as const, profile: of };
    const request = requestSchema.parse({ name: of, url: `${server.url}/api`, auth });
    await engine.call('requests.save', { id: created.id, request });
    ids.push(created.id);
  }
  await engine.dispose();
  return { server, engine, ids };
}

test('--persona never sends as somebody else', async () => {
  const { server, engine, ids } = await twoProfiles();
  const parameters = ['send', ids[1] ?? '', '-u', 'bob', '-p', engine.project];
  const { code, err } = await cli(engine.folder, parameters, env);
  expect({ users: server.requests.map(({ form }) => form.get('username')), code, err }).toMatchObject({
    users: [],
    code: 2,
    err: expect.stringContaining('persona_not_found'),
  });
});

test('--repeat and --parallel beyond reason are refused', async () => {
  const { engine, ids } = await twoProfiles();
  for (const option of ['--repeat', '--parallel']) {
    const parameters = ['send', ids[0] ?? '', option, '9007199254740991', '-p', engine.project];
    const { code, err } = await cli(engine.folder, parameters, env);
    expect({ option, code, err }).toMatchObject({ code: 64 });
  }
});
