import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import {
  foreignProfile,
  foreignScript,
  startConsentServer,
  writeForeignProject,
} from '../fixtures/foreign-project.ts';
import { startWebHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { App } from './app.ts';

const banner = (page: Page) => page.getByRole('region', { name: 'Trust in this project' });

test('a project from elsewhere: what would run is read, then trusted in all windows, and trusted no more', async () => {
  const server = await startConsentServer();
  const project = await temporaryFolder();
  await writeForeignProject(project, server);
  const hostile = `// <img src=x onerror="window.hacked=1">\u202E\n${foreignScript}`;
  await writeFile(join(project, 'scripts', `${foreignProfile}.js`), hostile);
  const host = await startWebHost();
  onTestFinished(() => host.close());
  const app = new App(host);
  await app.fill('Project folder', project);
  await app.button('Open project').click();
  await banner(app.page).getByText('Scripts of this project do not run yet.').waitFor();
  const second = await app.page.context().newPage();
  await second.goto(host.url);
  await banner(second).waitFor();

  await app.button('Review and trust…').click();
  const dialog = app.page.getByRole('dialog', { name: 'Trust “From elsewhere”?' });
  await dialog.getByText(project, { exact: true }).waitFor();
  await dialog.getByText(new URL(server.url).host).waitFor();
  const source = dialog.getByRole('region', { name: `Source of scripts/${foreignProfile}.js` });
  expect(await source.textContent()).toBe(hostile.replace('\u202E', '\\u{202E}'));
  expect(await app.page.evaluate(() => 'hacked' in window)).toBe(false);
  await app.button('Not now', dialog).click();
  await dialog.waitFor({ state: 'detached' });
  await banner(app.page).waitFor();

  await app.button('Review and trust…').click();
  await app.button('Trust this project', dialog).click();
  for (const page of [app.page, second]) await banner(page).waitFor({ state: 'detached' });
  await app.button('Get Access Token').click();
  await app.untilState('Valid');

  await app.button('Project From elsewhere').click();
  await app.page.getByRole('menuitem', { name: 'Stop trusting this project' }).click();
  for (const page of [app.page, second]) await banner(page).waitFor();
});

test('a project made in the app is not asked about', async () => {
  const host = await startWebHost();
  onTestFinished(() => host.close());
  const app = new App(host);
  await app.createProject('Orders');
  await app.createProfile('Orders');
  await host.client('scripts.save', { profile: 'orders', source: foreignScript });
  await expect
    .poll(async () => {
      const state = await host.client('project.current', {});
      return state.kind === 'open' && state.project.profiles[0]?.hasScript;
    })
    .toBe(true);
  await app.tab('Automation');
  await app.field('Automation script').getByText('Goes on from').waitFor();
  expect(await banner(app.page).count()).toBe(0);
});
