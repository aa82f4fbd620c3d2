import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineClient } from '../../shared/contract/router.ts';
import { AppError } from '../../shared/errors.ts';
import { endChromium } from '../fixtures/engine.ts';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { until } from '../fixtures/until.ts';
import { closedPort } from '../fixtures/web-server.ts';
import { loginFailures } from '../integration/secrets/marked-pages.ts';
import { markedProfile, profile, startMarkedEngine } from '../integration/secrets/marked-project.ts';
import { type MarkedServer, startMarkedServer } from '../integration/secrets/marked-server.ts';
import { search } from '../integration/secrets/markers.ts';
import { expectNoSecret, startRecorder } from '../integration/secrets/recorder.ts';
import { App } from './app.ts';
import { launchSearchable, searchable, stateOf } from './renderer-state.ts';

const passphrase = 'a key for the renderer test';

/** A folder with the project of a marked server, made by somebody else than the window that will show it. */
async function prepare(server: MarkedServer, session: 'fresh' | 'kept') {
  const folder = await temporaryFolder();
  const recorder = startRecorder();
  const maker = await startMarkedEngine(server, { on: folder, passphrase, recorder, profile: { session } });
  await maker.dispose();
  const settings = { lastProject: maker.project, trustedProjects: [maker.project] };
  await writeFile(join(maker.dataFolder, 'config.json'), JSON.stringify(settings));
  return { folder, recorder };
}

/** The app's page in a browser whose heap can be searched: on the desktop its own window, else another tab. */
async function searchablePage(host: RunningHost): Promise<Page> {
  if (host.kind === 'desktop') return host.page;
  const browser = await launchSearchable();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  await page.goto(host.url);
  return page;
}

/** As a person works it: get, send, refresh, look at the timeline. */
async function workTheWindow(app: App): Promise<void> {
  await app.goTo('Auth Manager');
  await app.button('Get Access Token').click();
  await app.untilState('Valid');
  await app.goTo('Requests');
  await app.button('GET List').click();
  await app.send();
  await app.untilStatus('200');
  await app.page.getByRole('tab', { name: /^Token/ }).click();
  await app.goTo('Timeline');
}

/** Gets a token; a window that is handed over because the script failed waits for a person, who gives up here. */
async function getOrGiveUp(client: EngineClient): Promise<void> {
  let over = false;
  const getting = client('tokens.get', { profile }).finally(() => {
    over = true;
  });
  getting.catch(() => undefined);
  await until(async () => {
    if (over) return true;
    const { statuses } = await client('tokens.statuses', {});
    const waits = statuses.some(({ activity }) => activity.kind === 'consent' && activity.attended);
    if (waits) await client('tokens.cancel', { profile });
    return false;
  }, 60_000);
  await getting;
}

/** All that a client of the contract can do to a token but reveal it, well and failing, while the window looks on. */
async function workTheContract({ client, kind }: RunningHost, server: MarkedServer): Promise<void> {
  const attempt = (work: Promise<unknown>) =>
    work.catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown;
    });
  const all = async () => {
    await attempt(client('tokens.refresh', { profile }));
    for (const token of ['access_token', 'refresh_token'] as const) {
      await attempt(client('tokens.introspect', { profile, token }));
    }
    await attempt(client('tokens.logout', { profile }));
    await attempt(client('tokens.statuses', {}));
    await attempt(client('tokens.events', {}));
  };
  Object.assign(server.answers, { token: 'echoing', introspect: 'echoing', dateAheadMs: 3_600_000 });
  await all();
  for (const failure of ['error_is_echo', 'form_error', 'refused'] as const) {
    Object.assign(server.answers, { token: failure, introspect: failure, revoke: failure });
    // On the desktop a page of the server's own would wait for a person.
    server.answers.endSession = kind === 'web' ? 'refused' : 'returns_error';
    await all();
    await attempt(client('tokens.revoke', { profile }));
  }
  Object.assign(server.answers, { token: 'well', introspect: 'well', revoke: 'well', endSession: 'returns' });
  for (const login of loginFailures.filter((failure) => failure !== 'lost' && failure !== 'page')) {
    server.answers.login = login;
    await attempt(getOrGiveUp(client));
  }
  server.answers.login = 'well';
  // Addresses at which nobody answers: what a browser says of such a navigation holds the whole address.
  const nobody = `http://127.0.0.1:${await closedPort()}`;
  const nowhere = { authorizationUrl: `${nobody}/authorize`, endSessionUrl: `${nobody}/end` };
  const saved = markedProfile(server, { session: 'kept' });
  await client('profiles.save', {
    id: profile,
    profile: { ...saved, server: { ...saved.server, ...nowhere } },
  });
  await attempt(client('tokens.logout', { profile }));
  await attempt(client('tokens.get', { profile }));
  await client('profiles.save', { id: profile, profile: saved });
}

describe.each(hosts)('the window of $title', ({ missing, start, title }) => {
  it.skipIf(missing)(
    'holds no secret of a token’s life, in its heap, its document or its storage',
    async () => {
      const server = await startMarkedServer();
      const { folder, recorder } = await prepare(server, 'kept');
      const host = await start({ folder, env: { GRANTWRIGHT_VAULT_KEY: passphrase }, args: searchable });
      onTestFinished(async () => {
        await host.close({ keepFolder: true });
        await endChromium();
      });
      server.onRequest = () => recorder.lookAt(folder);
      const page = await searchablePage(host);
      page.on('console', (message) => recorder.text('the console of the page', message.text()));
      const app = new App({ ...host, page });

      await workTheWindow(app);
      await workTheContract(host, server);
      server.forget();
      await workTheWindow(app);
      await host.client('tokens.revoke', { profile });
      await app.goTo('Auth Manager');
      await app.untilState('No token');

      for (const { name, text } of await stateOf(page)) recorder.text(name, text);
      recorder.text('what the host printed', host.output());
      recorder.lookAt(folder);
      expectNoSecret(`the window of ${title}`, recorder.places(), server);
    },
  );

  it.skipIf(missing)('is searched well enough to find a secret that is there', async () => {
    const host = await start({ args: searchable });
    onTestFinished(() => host.close());
    const page = await searchablePage(host);
    const planted = ['zqm4', 'rk3r'];
    const places = async () => (await search(await stateOf(page), [])).map(({ place }) => place);
    expect(await places()).toEqual([]);
    // Put together in the page, in the middle of a long text, as a leaked list of events would be.
    await page.evaluate((halves) => {
      const kept = [`${'-'.repeat(50_000)}${halves.join('')}${'-'.repeat(50_000)}`];
      Object.assign(globalThis, { kept });
      sessionStorage.setItem('kept', halves.join(''));
    }, planted);
    expect(new Set(await places())).toEqual(new Set(['the heap', "the page's session"]));
  });
});
