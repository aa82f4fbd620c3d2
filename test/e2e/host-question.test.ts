import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreignProfile as profile } from '../fixtures/foreign-project.ts';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { startTwoHostLogin, type TwoHostLogin, writeTwoHostProject } from '../fixtures/two-host-login.ts';
import { until } from '../fixtures/until.ts';
import { App } from './app.ts';

describe.each(hosts)('a script that would type on another host, in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    let login: TwoHostLogin & { close(): Promise<void> };
    beforeAll(async () => {
      login = await startTwoHostLogin();
      host = await start({ env: { GRANTWRIGHT_VAULT_KEY: 'a passphrase' } });
      app = new App(host);
    });
    afterAll(async () => {
      await host?.close();
      await login.close();
    });

    const question = () => app.page.getByRole('region', { name: /^May the script/ });
    const allowedHosts = async () => {
      const state = await host.client('project.current', {});
      return state.kind === 'open' ? state.project.profiles[0]?.profile.scriptHosts : undefined;
    };

    it('asks with the names of all that is concerned; a refusal is the end of it', async () => {
      const folder = join(host.folder, 'two-hosts');
      await writeTwoHostProject(folder, login);
      await host.client('project.open', { folder, trust: true });
      await app.goTo('Auth Manager');
      await app.button('Get Access Token').click();
      await question().waitFor();
      const words = await question().textContent();
      for (const named of ['“Orders”', login.other, 'as default', 'page.goto(']) {
        expect(words).toContain(named);
      }
      await app.untilState('Waiting for you');
      await app.button("Don't allow").click();
      await app.untilFailure('script_host_not_allowed');
      await question().waitFor({ state: 'detached' });

      await app.button('Get Access Token').click();
      await question().waitFor();
      await app.button('Cancel').click();
      await question().waitFor({ state: 'detached' });
      await app.untilState('No token');
      expect(login.typed()).toEqual([]);
    });

    it('goes on where it is allowed, once or from now on, and what stands half typed in the form stays', async () => {
      await app.button('Get Access Token').click();
      await app.button('Allow once').click();
      await app.untilState('Valid');
      expect(login.typed()).toEqual(['alice']);
      expect(await allowedHosts()).toEqual([]);

      await app.button('Get Access Token').click();
      await question().waitFor();
      await app.page.getByLabel('Allowed hosts').fill('half-typed/');
      await app.button('Allow for this profile').click();
      await until(() => login.typed().length === 2);
      await app.untilState('Valid');
      expect(await allowedHosts()).toEqual([login.other]);
      const typed = await app.page.getByLabel('Allowed hosts').inputValue();
      expect(typed).toBe(`half-typed/ ${login.other}`);

      // Nobody is asked any more.
      await host.client('tokens.get', { profile });
      expect(login.typed()).toHaveLength(3);
    });
  });
});
