import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDeferred } from '../../../electron/consent/deferred.ts';
import { startEngine } from '../../fixtures/engine.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';
import { temporaryFolder } from '../projects/temporary-project.ts';

const profileFile = 'profiles/orders.json';

/** An engine with two projects that are alike, of which one is open, and a token server that waits to be let go on. */
async function start() {
  const [asked, answering] = [createDeferred<void>(), createDeferred<void>()];
  const server = await startWebServer(async (_, response) => {
    asked.resolve();
    await answering.promise;
    sendJson(response, { access_token: 'at', token_type: 'Bearer', expires_in: 300 });
  });
  onTestFinished(() => server.close());
  const folder = temporaryFolder();
  const engine = await startEngine({ folder, consentBrowsers: [] });
  const profile = JSON.stringify({
    ...{ name: 'Orders', server: { tokenUrl: server.url }, client: { kind: 'none', id: 'app' } },
    ...{ grant: { kind: 'client_credentials' }, personas: [{ name: 'reader' }, { name: 'writer' }] },
  });
  const [own, other] = [join(folder, 'own'), join(folder, 'other')];
  for (const project of [own, other]) {
    await mkdir(join(project, 'profiles'), { recursive: true });
    await writeFile(join(project, 'grantwright.json'), '{"format":1,"name":"Shop"}');
    await writeFile(join(project, profileFile), profile);
  }
  await engine.call('project.open', { folder: own });
  const personasIn = async (project: string) =>
    JSON.parse(await readFile(join(project, profileFile), 'utf8')).personas.map(
      ({ name }: { name: string }) => name,
    );
  return { engine, own, other, personasIn, asked, answering };
}

it.each(['another project is open', 'none is'])(
  'a persona is renamed in its own project though %s by then',
  async (then) => {
    const { engine, own, other, personasIn, asked, answering } = await start();
    await engine.call('settings.setPersona', { profile: 'orders', persona: 'writer' });
    const getting = engine.call('tokens.get', { profile: 'orders' });
    await asked.promise;
    const renaming = engine.call('profiles.renamePersona', {
      profile: 'orders',
      from: 'writer',
      to: 'owner',
    });
    if (then === 'none is') await engine.call('project.close', {});
    else await engine.call('project.open', { folder: other });
    answering.resolve();
    await Promise.all([getting, renaming]);
    expect([await personasIn(own), await personasIn(other)]).toEqual([
      ['reader', 'owner'],
      ['reader', 'writer'],
    ]);
    await engine.call('project.open', { folder: own });
    expect((await engine.call('settings.read', {})).personas).toEqual({ orders: 'owner' });
    const { statuses } = await engine.call('tokens.statuses', {});
    expect(statuses.map(({ persona, access }) => [persona, access.kind])).toEqual([
      ['reader', 'none'],
      ['owner', 'held'],
    ]);
  },
);
