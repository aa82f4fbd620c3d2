import type { Locator } from 'playwright-core';
import type { Profile } from '../../shared/model/profile.ts';
import type { App } from './app.ts';

/** The form of the profile that is on the screen. */
export class ProfileForm {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  get form(): Locator {
    return this.#app.page.getByRole('form', { name: 'Profile settings' });
  }

  /** Chooses a grant: one that is in sight, or one behind “More…”. */
  async chooseGrant(grant: string): Promise<void> {
    const segment = this.#app.page.getByRole('radio', { name: grant, exact: true });
    if ((await segment.count()) > 0) await segment.click();
    else await this.#app.choose('More grants', grant);
  }

  /** Opens all that is closed, until nothing is. */
  async openAll(): Promise<void> {
    const closed = this.form.locator('button[aria-expanded=false]:not([role=combobox])');
    while ((await closed.count()) > 0) await closed.first().click();
  }

  toggle(name: string): Locator {
    return this.#app.page.getByRole('checkbox', { name, exact: true });
  }

  /** Shows another profile, by its name. */
  async show(name: string): Promise<void> {
    await this.#app.page.getByRole('button', { name: new RegExp(`^${name}, `) }).click();
    await this.#app.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** What a screen reader says of a field beside its name. */
  async described(field: Locator): Promise<string> {
    return field.evaluate((input) =>
      (input.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' '),
    );
  }

  /** The profile of a name as it is saved. */
  async saved(name: string): Promise<Profile | undefined> {
    const state = await this.#app.host.client('project.current', {});
    if (state.kind !== 'open') return undefined;
    return state.project.profiles.find(({ profile }) => profile.name === name)?.profile;
  }
}
