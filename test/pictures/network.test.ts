import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { startWebHost } from '../fixtures/hosts.ts';
import { inHome, open } from './studio.ts';

const tls = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

test('the network of a project', async () => {
  const { app, take } = await open(startWebHost, inHome);
  const { page } = app;
  await page.setViewportSize({ width: 1360, height: 1300 });
  await page.getByRole('button', { name: /^Project / }).click();
  await page.getByRole('menuitem', { name: 'Network…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Network' });
  await take('network');
  await dialog.getByRole('radio', { name: 'This one' }).click();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('http://proxy.example.com:8080');
  await dialog.getByRole('textbox', { name: 'User name' }).fill('ci-runner');
  await dialog.getByLabel('Password').fill('secret');
  await dialog.getByLabel('Password').press('Enter');
  await dialog.getByLabel('File of a trusted certificate').setInputFiles(tls('ca.pem'));
  await dialog.getByText('certificates/ca.pem').waitFor();
  await app.button('Add client certificate', dialog).click();
  await dialog.getByRole('textbox', { name: 'Host' }).fill('*.example.com');
  await dialog.getByLabel('File of Certificate').setInputFiles(tls('client.p12'));
  await dialog.getByText('in vault').nth(1).waitFor();
  await app.button('Add client certificate', dialog).click();
  await app.button('Save', dialog).click();
  await take('network-filled');
  await page.setViewportSize({ width: 620, height: 1300 });
  await take('network-narrow');
});
