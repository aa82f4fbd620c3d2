import { cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createSystemBrowser } from '../../electron/consent/browsers/system.ts';
import { createConf } from '../../electron/hosts/conf-settings.ts';
import { memorySettings } from '../../electron/services/settings.ts';
import {
  endChromium,
  failureIn,
  openSample,
  rejectionOf,
  sendSaved,
  startEngine,
  type TestEngine,
  type TestEngineOptions,
  tokenEvents,
} from '../fixtures/engine.ts';
import {
  foreignScript,
  foreignProfile as profile,
  startConsentServer,
  writeForeignProject,
} from '../fixtures/foreign-project.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { until } from '../fixtures/until.ts';

afterAll(endChromium);

const refused = { code: 'project_not_trusted', details: { profile, file: `scripts/${profile}.js` } };

/** An engine with a project open that came from elsewhere. */
async function openForeign(options: Partial<TestEngineOptions> = {}) {
  const server = await startConsentServer();
  const folder = await temporaryFolder();
  const project = join(folder, 'project');
  await writeForeignProject(project, server);
  const engine = await startEngine({ folder, ...options });
  await engine.call('project.open', { folder: project });
  return { engine, server, folder, project };
}

async function isTrusted({ call }: TestEngine): Promise<boolean> {
  const state = await call('project.current', {});
  return state.kind === 'open' && state.trusted;
}

const get = (engine: TestEngine) => engine.call('tokens.get', { profile });

test('a script that is not trusted never starts: nothing is opened, nothing is sent', async () => {
  const { engine, server, project } = await openForeign();
  expect(await rejectionOf(get(engine))).toMatchObject(refused);
  expect(failureIn(await sendSaved(engine, 'list'))).toMatchObject(refused);
  expect(server.requests).toEqual([]);
  // Reading, editing and checking it need no trust.
  expect(await engine.call('scripts.read', { profile })).toEqual({ source: foreignScript });
  expect(await engine.call('scripts.check', { source: foreignScript })).toEqual({ error: null });
  await engine.call('scripts.save', { profile, source: `${foreignScript}\n` });
  expect(await rejectionOf(get(engine))).toMatchObject(refused);
  expect(server.requests).toEqual([]);

  await engine.call('project.trust', { folder: project });
  expect(await get(engine)).toMatchObject({ access: { kind: 'held' }, failure: null });
  await engine.call('project.distrust', { folder: project });
  expect(await rejectionOf(get(engine))).toMatchObject(refused);
  expect(server.requests.map(({ path }) => path.split('?')[0])).toEqual(['/authorize', '/token']);
});

test('a script on trial needs trust too, also with a person present, who is not asked in its place', async () => {
  const { engine, server, project } = await openForeign({ personPresent: () => true });
  const trial = { kind: 'script', source: foreignScript } as const;
  const start = () => engine.call('testRuns.start', { profile, trial, visible: false, stepping: false });
  expect(await rejectionOf(start())).toMatchObject(refused);
  expect([server.requests, await tokenEvents(engine)]).toEqual([[], []]);
  await engine.call('project.trust', { folder: project });
  expect((await start()).outcome).toEqual({ kind: 'token_obtained' });
});

test('page scripts that are not trusted are named by their own file', async () => {
  const { engine, server } = await openForeign();
  const state = await engine.call('project.current', {});
  const saved = state.kind === 'open' ? state.project.profiles[0]?.profile : undefined;
  if (saved === undefined) throw new Error('The project has no profile.');
  await engine.call('profiles.save', { id: profile, profile: { ...saved, automation: 'page_scripts' } });
  const pages = [{ name: 'One', url: '', selector: '', source: `document.links[0].click()` }];
  await engine.call('pageScripts.save', { profile, pages });
  const file = `scripts/${profile}.pages.json`;
  expect(await rejectionOf(get(engine))).toMatchObject({ ...refused, details: { profile, file } });
  expect((await engine.call('scripts.review', {})).scripts).toMatchObject([
    { file, source: `// 1. One (the next page)\ndocument.links[0].click()` },
  ]);
  expect(server.requests).toEqual([]);
});

test('says what would run, and where its values go', async () => {
  const { engine, server, project } = await openForeign();
  const script = {
    profile,
    name: 'Orders',
    file: `scripts/${profile}.js`,
    source: foreignScript,
    omitted: 0,
    hosts: [new URL(server.url).host],
  };
  const review = await engine.call('scripts.review', {});
  expect(review).toEqual({ folder: project, name: 'From elsewhere', scripts: [script] });
  await writeFile(join(project, 'scripts', `${profile}.js`), '/'.repeat(200_017));
  const long = (await engine.call('scripts.review', {})).scripts[0];
  expect([long?.source.length, long?.omitted]).toEqual([200_000, 17]);
  const saved = await readFile(join(project, 'profiles', `${profile}.json`));
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    await writeFile(join(project, 'profiles', `${id}.json`), saved);
    await writeFile(join(project, 'scripts', `${id}.js`), '/'.repeat(200_000));
  }
  await engine.call('project.open', { folder: project });
  const { scripts } = await engine.call('scripts.review', {});
  expect(scripts.map(({ source, omitted }) => [source.length, omitted])).toEqual([
    ...Array.from({ length: 5 }, () => [200_000, 0]),
    [0, 200_017],
  ]);
});

test('a script that cannot be read keeps nobody from reading the others', async () => {
  const { engine, project } = await openForeign();
  await cp(join(project, 'profiles', `${profile}.json`), join(project, 'profiles', 'linked.json'));
  await symlink(join(project, 'grantwright.json'), join(project, 'scripts', 'linked.js'));
  expect(await engine.call('project.open', { folder: project })).toMatchObject({
    project: { problems: [{ code: 'project_file_unreadable' }] },
  });
  const { scripts } = await engine.call('scripts.review', {});
  expect(scripts.map((script) => script.profile)).toEqual([profile]);
});

test('an address that cannot be told, or is secret, is shown as it is written', async () => {
  const { engine, project } = await openForeign({ variables: { id_server: 'https://m4rker.example' } });
  const write = (authorizationUrl: string) =>
    writeFile(
      join(project, 'profiles', `${profile}.json`),
      JSON.stringify({
        name: 'Orders',
        grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
        server: { authorizationUrl, issuer: '{{missing}}' },
        client: { kind: 'client_secret_basic', id: 'app', secret: '{{id_server}}' },
      }),
    );
  for (const address of ['{{id_server}}/authorize', 'no address at all']) {
    await write(address);
    await engine.call('project.open', { folder: project });
    const { scripts } = await engine.call('scripts.review', {});
    expect(scripts[0]?.hosts).toEqual([address, '{{missing}}']);
  }
});

test('with a person present consent waits for them, as without a script', async () => {
  const opened: string[] = [];
  const browser = createSystemBrowser({ openExternally: async (url) => opened.push(url) > 0 });
  const { engine } = await openForeign({ personPresent: () => true, consentBrowsers: [browser] });
  const got = get(engine);
  await until(() => opened.length > 0);
  const page = await (await fetch(opened[0] ?? '')).text();
  const link = /href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await fetch(link)).status).toBe(200);
  expect(await got).toMatchObject({ access: { kind: 'held' } });
  const started = (await tokenEvents(engine)).find(({ kind }) => kind === 'consent_started');
  expect(started?.detail).toContain('not trusted');
});

test('the answer goes to the project that was asked about, and to no other', async () => {
  const { engine, folder, project } = await openForeign();
  const other = join(folder, 'other');
  await cp(project, other, { recursive: true });
  await engine.call('project.open', { folder: other });
  for (const call of ['project.trust', 'project.distrust'] as const)
    expect(await rejectionOf(engine.call(call, { folder: project }))).toMatchObject({
      code: 'project_not_open',
    });
  await engine.call('project.open', { folder: project });
  expect(await isTrusted(engine)).toBe(false);
  await engine.call('project.trust', { folder: project });
  // A copy of a trusted project is another project, and so is one inside it.
  await engine.call('project.open', { folder: other });
  expect(await isTrusted(engine)).toBe(false);
  await cp(other, join(project, 'inner'), { recursive: true });
  await engine.call('project.open', { folder: join(project, 'inner') });
  expect(await isTrusted(engine)).toBe(false);
});

test('trust is of the real folder: through a link to it, and not of what a link put in its place leads to', async () => {
  const settings = memorySettings();
  const { engine, server, folder, project } = await openForeign({ settings });
  await engine.call('project.trust', { folder: project });
  await symlink(project, join(folder, 'link'));
  await engine.call('project.open', { folder: join(folder, 'link') });
  expect(await isTrusted(engine)).toBe(true);

  const evil = join(folder, 'evil');
  await cp(project, evil, { recursive: true });
  await rename(project, join(folder, 'moved'));
  await symlink(evil, project);
  expect(await rejectionOf(get(engine))).toMatchObject(refused);
  // Not even when that is trusted for itself: its script would be given the values of this one's persona.
  settings.set('trustedProjects', [project, evil]);
  expect(await rejectionOf(get(engine))).toMatchObject(refused);
  expect(server.requests).toEqual([]);
});

test('what is made here is trusted from the start, and scripts that lay there before are not', async () => {
  const { engine, folder } = await openForeign();
  await engine.call('project.create', { folder: join(folder, 'new'), name: 'New' });
  expect(await isTrusted(engine)).toBe(true);
  await openSample(engine);
  expect(await isTrusted(engine)).toBe(true);

  const prepared = join(folder, 'prepared');
  await mkdir(join(prepared, 'scripts'), { recursive: true });
  await writeFile(join(prepared, 'scripts', 'new-profile.js'), foreignScript);
  await engine.call('project.create', { folder: prepared, name: 'Prepared' });
  await engine.call('profiles.create', { name: 'New profile' });
  expect(await isTrusted(engine)).toBe(false);
});

test('the sample that lay there before is not taken for ours', async () => {
  const { engine, server } = await openForeign();
  await writeForeignProject(join(engine.projectsFolder, 'playground-sample'), server);
  await openSample(engine);
  expect(await isTrusted(engine)).toBe(false);
});

test('the windows of another process are told, both ways', async () => {
  const server = await startConsentServer();
  const folder = await temporaryFolder();
  const project = join(folder, 'project');
  await writeForeignProject(project, server);
  const engines: TestEngine[] = [];
  for (let count = 0; count < 2; count += 1) {
    const engine = await startEngine({ folder, settings: createConf(join(folder, 'data')) });
    await engine.call('project.open', { folder: project });
    engines.push(engine);
  }
  const [one, two] = engines as [TestEngine, TestEngine];
  const told = () => {
    const event = two.events.findLast(({ kind }) => kind === 'project');
    return event?.kind === 'project' && event.state.kind === 'open' && event.state.trusted;
  };
  await one.call('project.trust', { folder: project });
  await until(told);
  await one.call('project.distrust', { folder: project });
  await until(() => !told());
});
