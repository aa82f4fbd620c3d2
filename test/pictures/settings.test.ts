import { test } from 'vitest';
import type { App } from '../e2e/app.ts';
import { startWebHost } from '../fixtures/hosts.ts';
import { inHome, open } from './studio.ts';

/** The grants as their controls name them: in sight, or behind “More…”. */
const common = ['Authorization code', 'Client credentials', 'Password'];
const others = ['Refresh token', 'Device code', 'JWT bearer', 'Token exchange', 'CIBA', 'Implicit'];

async function chooseGrant(app: App, grant: string): Promise<void> {
  if (common.includes(grant)) await app.page.getByRole('radio', { name: grant }).click();
  else await app.choose('More grants', grant);
}

test('the form of each grant', async () => {
  const { app, take } = await open(startWebHost, inHome);
  await app.page.setViewportSize({ width: 1360, height: 1500 });
  for (const grant of [...common, ...others]) {
    await chooseGrant(app, grant);
    await take(`form-${grant.toLowerCase().replace(/[^a-z]+/g, '-')}`);
  }
});

test('the choices of a form', async () => {
  const { app, take } = await open(startWebHost, inHome);
  await app.page.setViewportSize({ width: 1360, height: 1700 });
  await app.page.getByRole('combobox', { name: 'More grants' }).click();
  await take('form-more-grants');
  await app.page.keyboard.press('Escape');
  await app.fill('Issuer', '{{playground_url}}');
  await app.button('Discover').click();
  await app.page.getByText('Addresses left empty come from the issuer').waitFor();
  await app.page.getByRole('combobox', { name: 'Client authentication' }).click();
  await take('form-client-authentication');
  await app.page.keyboard.press('Escape');
  await app.choose('Client authentication', 'JWT signed with a key');
  await app.button('Add parameter').click();
  await app.page.getByRole('combobox', { name: 'Parameter name 1' }).fill('p');
  await app.page.getByRole('listbox').waitFor();
  await take('form-parameter-names');
  await app.page.getByRole('option', { name: 'prompt', exact: true }).click();
  await app.button('Add parameter').click();
  await app.page.getByRole('combobox', { name: 'Parameter name 2' }).fill('client_id');
  await app.page.keyboard.press('Tab');
  await app.field('Parameter value 2').fill('x');
  await app.page.getByRole('checkbox', { name: 'Verify TLS certificates' }).click();
  await app.button('Pushed and signed requests, bound tokens').click();
  await app.page.getByRole('checkbox', { name: 'Signed request (JAR)' }).click();
  await app.page.getByRole('checkbox', { name: 'Bind tokens to a key (DPoP)' }).click();
  await app.field('Private key').fill('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----');
  await app.field('Redirect URI').fill('not a uri');
  await take('form-all-on');
  await app.button('Another place, word or token').click();
  await take('form-protection', app.page.getByRole('region', { name: 'Connection' }));
  await app.page.setViewportSize({ width: 900, height: 1700 });
  await take('form-narrow');
});

test('a new profile from a preset', async () => {
  const { app, take } = await open(startWebHost, inHome);
  await app.button('New profile').first().click();
  const dialog = app.page.getByRole('dialog', { name: 'New profile' });
  await take('new-profile');
  await dialog.getByRole('radio', { name: 'Entra ID', exact: true }).click();
  await app.button('Create profile', dialog).click();
  await dialog.getByText('Fill this in.').first().waitFor();
  await take('new-profile-preset');
  await dialog.getByRole('searchbox', { name: 'Search presets' }).fill('key');
  await dialog.getByRole('radio', { name: 'Keycloak' }).click();
  await dialog.getByRole('textbox', { name: 'Server' }).fill('https://id.example.com/#');
  await app.page.setViewportSize({ width: 620, height: 900 });
  await take('new-profile-narrow');
});
