import { join } from 'node:path';
import { test } from 'vitest';
import { loginScript, signInByHand } from '../e2e/app.ts';
import { startConsentServer, writeForeignProject } from '../fixtures/foreign-project.ts';
import { startDesktopHost, startWebHost } from '../fixtures/hosts.ts';
import { twoHostLogin, writeTwoHostProject } from '../fixtures/two-host-login.ts';
import { inHome, open, profile, projects, save } from './studio.ts';

test('the Auth Manager, a request and the timeline', async () => {
  const { host, app, take } = await open(startWebHost, inHome);
  await take('auth-manager-empty');
  await host.client('tokens.get', { profile, persona: 'reader' });
  await app.button('Get Access Token').click();
  await app.untilState('Valid');
  await app.page.getByRole('radio', { name: 'Manual' }).click();
  await app.button('Refresh').click();
  await app.page.getByText('Refreshed by hand').first().waitFor();
  await take('auth-manager', app.page.getByRole('radio', { name: 'Authorization code' }));
  for (const field of ['Consent browser', 'Allowed hosts', 'Clock margin']) {
    await take(`settings-${field.toLowerCase().replace(' ', '-')}`, app.page.getByLabel(field).first());
  }
  await app.tab('Token');
  await app.button('Introspect access token').click();
  await app.page.getByText('at the server.').waitFor();
  await take('token');
  await app.button('Decode and verify').click();
  const inspected = app.page.getByRole('heading', { name: 'Id token' });
  await inspected.waitFor();
  await take('token-inspected', inspected);
  await app.tab('Settings');
  await app.configurePlayground({ failure: { kind: 'refuse_refresh' } });
  await app.button('Refresh').click();
  await app.untilFailure('refresh_refused');
  await take('refresh-failed');
  await app.goTo('Timeline');
  await app.page.getByRole('button', { name: /Refreshed by hand/ }).click();
  await take('timeline');
  await app.goTo('Requests');
  await app.button('GET List orders').click();
  await app.choose('Auth', 'Orders API');
  await app.choose('Persona', 'reader');
  await app.send();
  await app.untilStatus('200');
  await take('request');
  await app.goTo('Playground');
  await take('playground');
});

test('scripts: the editor, a test run, page scripts', async () => {
  const { host, app, take } = await open(startWebHost, inHome);
  await app.tab('Automation');
  const section = app.page.getByRole('region', { name: 'Test run' });
  const editor = app.field('Automation script');
  await take('automation');
  await app.writeScript(`await step('Sign in', async () => {
  await page.getByLabel('User name').fill(vars.user);
  await page.getByLabel('Password').fill(vars.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
});
await page.getByRole('button', { name: 'Allow' }).click();
log('allowed for', vars.persona);
`);
  await app.button('Test run', section).click();
  await section.getByText('Token obtained').waitFor();
  await section.getByRole('list', { name: 'Steps' }).getByRole('button').nth(1).click();
  const picture = section.getByRole('button', { name: /^Enlarge/ });
  await picture.waitFor();
  await take('test-run', section);
  await picture.click();
  await take('test-run-picture');
  await app.page.keyboard.press('Escape');
  await app.writeScript(loginScript.replace("{ name: 'Allow' }", "{ name: 'Grant' }"));
  await app.button('Step through', section).click();
  await section.getByText('Step 1 is next.').waitFor();
  await take('test-run-held', section);
  await app.button('Run on', section).click();
  await section.getByText('Step 4 failed').waitFor();
  await take('test-run-failed', section);

  await editor.click();
  await app.page.keyboard.press('Control+End');
  await app.page.keyboard.type('await page.getBy');
  await app.page.getByRole('listbox').waitFor();
  await take('editor-completion', editor);
  await app.page.keyboard.press('Escape');
  await app.button('Snippets').click();
  await take('editor-snippets');
  await app.page.keyboard.press('Escape');
  await app.page.getByRole('menu').waitFor({ state: 'detached' });
  await host.client('scripts.save', { profile, source: '// Changed in another editor.\n' });
  await app.page.getByRole('alert').filter({ hasText: 'changed outside' }).waitFor();
  await take('editor-conflict', editor);
  await app.button('Compare').click();
  await take('editor-compare');
  await app.button('Take the file’s', app.page.getByRole('dialog')).click();

  const pages = [
    ['Login', `document.getElementById('user').value = vars.user;`, '**/interaction/*', '#user'],
    ['Consent', `document.querySelector('button').click();`, '', ''],
  ].map(([name = '', source = '', url = '', selector = '']) => ({ name, source, url, selector }));
  await host.client('pageScripts.save', { profile, pages });
  await app.page.getByRole('radio', { name: 'Page scripts' }).click();
  await app.page
    .getByRole('textbox', { name: /Runs at URL/ })
    .first()
    .waitFor();
  await take('page-scripts');
});

test('a project that is not trusted', async () => {
  const { app, take } = await open(startWebHost);
  const project = join(projects, 'from-elsewhere');
  await writeForeignProject(project, await startConsentServer());
  await app.host.client('project.open', { folder: project });
  await app.button('Review and trust…').waitFor();
  await take('trust-banner');
  await app.button('Review and trust…').click();
  await app.page.getByRole('dialog').waitFor();
  await take('trust-dialog');
});

test('a question about another host', async () => {
  const { host, app, take } = await open(startWebHost);
  const project = join(projects, 'two-hosts');
  const login = await twoHostLogin();
  await writeTwoHostProject(project, login);
  await host.client('project.open', { folder: project, trust: true });
  await app.goTo('Auth Manager');
  await app.button('Get Access Token').click();
  await app.button('Allow once').waitFor();
  await take('host-question');
  await app.page.setViewportSize({ width: 760, height: 700 });
  await take('host-question-narrow');
});

test('windows of the desktop app', async () => {
  const { host, app, take } = await open(startDesktopHost);
  const window = await host.consentPage(async () => {
    await host.client('scripts.save', { profile, source: null });
    await app.button('Get Access Token').click();
  });
  await window.getByLabel('User name').waitFor();
  await save('consent-window-light', await window.screenshot());
  await app.button('Cancel').click();
  await app.untilFailure('consent_cancelled');

  await app.tab('Automation');
  const recorded = await host.consentPage(() => app.button('Record').click());
  await recorded.getByLabel('User name').fill('carol');
  await app.page.getByText('1 step so far.').waitFor();
  await take('recording');
  await signInByHand(recorded, 'carol', 'carol-pw');
  await recorded.getByRole('button', { name: 'Allow' }).click();
  await app.page.getByRole('status', { name: 'Recorded script' }).waitFor();
  await take('recorded');

  await app.writeScript(loginScript.replace('vars.password', "'not the password'"));
  await app.button('Get Access Token').click();
  const left = await host.handedOver();
  await save('handed-over-light', await left.screenshot());
  await app.button('Cancel').click();
});
