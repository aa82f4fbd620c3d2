import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { openSample } from '../e2e/app.ts';
import { root } from '../fixtures/electron-runtime.ts';
import type { HostOptions, startWebHost } from '../fixtures/hosts.ts';

/** Those that the documents show; the others are for whoever has changed a screen, in both themes. */
const shown = [
  ...['auth-manager-light', 'refresh-failed-dark', 'timeline-dark', 'token-light', 'consent-window-light'],
  ...['test-run-light', 'handed-over-light'],
];
const documents = join(root, 'docs', 'images');
const others = join(tmpdir(), 'grantwright-pictures');
// A path as a person has it; the web host alone makes it, below the machine's own root, and it goes with each test.
const home = '/home/kim';
export const projects = join(home, 'Grantwright');

/** The sample project's profile. */
export const profile = 'orders-api';

/** Keeps a picture, among the documents' or elsewhere. */
export async function save(name: string, picture: Buffer): Promise<void> {
  await mkdir(others, { recursive: true });
  await writeFile(join(others, `${name}.png`), picture);
  if (shown.includes(name)) await writeFile(join(documents, `${name}.png`), picture);
}

/** The sample project in a host, with tokens that live as long as real ones. */
export async function open(start: typeof startWebHost, options: HostOptions = {}) {
  // Somebody's own, or left by a run that was ended: neither is ours to delete.
  if (existsSync(home)) throw new Error(`${home} is there already, and the pictures would delete it.`);
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const env = { GRANTWRIGHT_VAULT_KEY: 'a passphrase', ...options.env };
  const app = await openSample(() => start({ ...options, env }));
  const { host } = app;
  onTestFinished(() => host.close());
  await app.configurePlayground({ accessLifetimeSeconds: 1800 });
  /** Takes a picture in both themes, `at` in sight. */
  async function take(name: string, at?: Locator): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await host.client('settings.setTheme', { theme });
      await app.page.locator(`[data-theme=${theme}]`).first().waitFor();
      await at?.scrollIntoViewIfNeeded();
      // Colours go over in a moment.
      await app.page.waitForTimeout(250);
      await save(`${name}-${theme}`, await app.page.screenshot());
    }
  }
  return { host, app, take };
}

/** Options of a start whose projects and data lie where a person has them. */
export const inHome = {
  env: {
    GRANTWRIGHT_PROJECTS_DIR: projects,
    GRANTWRIGHT_DATA_DIR: join(home, '.config', 'Grantwright'),
  },
};
