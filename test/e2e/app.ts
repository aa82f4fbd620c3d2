import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { PlaygroundSettings } from '../../shared/model/playground.ts';
import type { RunningHost } from '../fixtures/hosts.ts';

/** The script that works the playground's pages as they are. */
export const loginScript = `await page.getByLabel('User name').fill(vars.user);
await page.getByLabel('Password').fill(vars.password);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('button', { name: 'Allow' }).click();
`;

/** How long a person would wait before calling it broken; generous, because test machines are slow. */
const patienceMs = 30_000;

/** The app's window, worked as a person does: by what is written on its controls. */
export class App {
  readonly host: RunningHost;
  readonly page: Page;

  constructor(host: RunningHost) {
    this.host = host;
    this.page = host.page;
    this.page.setDefaultTimeout(patienceMs);
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  /** Types into a field and leaves it, which saves it. */
  async fill(name: string, text: string): Promise<void> {
    await this.field(name).fill(text);
    await this.field(name).blur();
  }

  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: label, exact: true }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** A list that opens marks its option a moment before keys go there. */
  async untilKeysGoTo(option: Locator): Promise<void> {
    await expect.poll(() => option.evaluate((element) => element === document.activeElement)).toBe(true);
  }

  async goTo(place: 'Requests' | 'Auth Manager' | 'Timeline' | 'Playground'): Promise<void> {
    await this.button(place, this.page.getByRole('navigation', { name: 'Places' })).click();
  }

  async tab(name: string): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  /** On a machine without a keychain the desktop asks where the vault's key may be; a person answers. */
  async answerVaultQuestion(): Promise<void> {
    const status = await this.host.client('vault.status', {});
    if (status.kind === 'choice_needed') await this.button('Keep the key in a file only I can read').click();
  }

  async createProject(name: string): Promise<void> {
    await this.fill('Project name', name);
    await this.button('Create project').click();
    await this.button('Auth Manager').waitFor();
  }

  async createProfile(name: string): Promise<void> {
    await this.goTo('Auth Manager');
    await this.button('New profile').first().click();
    const dialog = this.page.getByRole('dialog', { name: 'New profile' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await this.button('Create profile', dialog).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  async addValue(number: number, name: string, value: string): Promise<void> {
    await this.button('Add value').click();
    await this.fill(`Name ${number}`, name);
    await this.fill(`Value ${number}`, value);
  }

  async writeScript(source: string): Promise<void> {
    await this.field('Automation script').fill(source);
    await this.button('Save script').click();
  }

  async untilState(state: string): Promise<void> {
    await this.page
      .getByRole('status', { name: 'Token state' })
      .getByText(state, { exact: true })
      .first()
      .waitFor();
  }

  /** The error panel that stands where the person is, by the code it shows. */
  async untilFailure(code: string): Promise<string> {
    const panel = this.page.locator(`[data-code="${code}"]`).first();
    await panel.waitFor();
    return (await panel.textContent()) ?? '';
  }

  async send(): Promise<void> {
    await this.button('Send').click();
  }

  async untilStatus(text: string): Promise<void> {
    await this.page.getByRole('status', { name: 'Response status' }).getByText(text).waitFor();
  }

  async configurePlayground(change: Partial<PlaygroundSettings>): Promise<void> {
    const status = await this.host.client('playground.start', {});
    if (status.kind !== 'running') throw new Error('the playground does not run');
    await this.host.client('playground.configure', { settings: { ...status.settings, ...change } });
  }

  async counters() {
    const status = await this.host.client('playground.status', {});
    if (status.kind !== 'running') throw new Error('the playground does not run');
    return status.counters;
  }

  /** Whether the Refresh button is there, asked until it is as expected. */
  async expectRefresh(shown: boolean): Promise<void> {
    const button = this.button('Refresh');
    await button.first().waitFor({ state: shown ? 'visible' : 'detached' });
    expect((await button.count()) > 0).toBe(shown);
  }
}

/** Starts a host, which ends when `begin` fails. */
async function open(start: () => Promise<RunningHost>, begin: (app: App) => Promise<void>): Promise<App> {
  const host = await start();
  try {
    const app = new App(host);
    await app.answerVaultQuestion();
    await begin(app);
    return app;
  } catch (failure) {
    await host.close();
    throw failure;
  }
}

/** Starts a host with the sample project, its Auth Manager on the screen. */
export function openSample(start: () => Promise<RunningHost>): Promise<App> {
  return open(start, async (app) => {
    await app.button('Try the sample project').click();
    await app.goTo('Auth Manager');
    await app.page.getByRole('heading', { level: 1, name: 'Orders API' }).waitFor();
  });
}

/** Starts a host with a new project and one profile of it, "orders", on the screen. */
export function openOrders(start: () => Promise<RunningHost>): Promise<App> {
  return open(start, async (app) => {
    await app.createProject('Orders');
    await app.createProfile('Orders');
  });
}

/** Works the playground's pages in a window or tab, as a person does. */
export async function signInByHand(page: Page, user = 'alice', password = 'alice-pw'): Promise<void> {
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
