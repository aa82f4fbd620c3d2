import { afterEach, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';

const desktop = hosts.filter(({ kind }) => kind === 'desktop');
const env = { GRANTWRIGHT_VAULT_KEY: 'a key for the desktop tests' };

describe.each(desktop)('the desktop app in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost | undefined;
    afterEach(async () => {
      await host?.close();
      host = undefined;
    });

    it('goes on after many scripts', async () => {
      host = await start({ env });
      const { client } = host;
      for (let round = 0; round < 15; round += 1) {
        const sources = ['await page.url();', 'const = 1;', `vars.x${round};`];
        const checks = await Promise.all(sources.map((source) => client('scripts.check', { source })));
        expect(checks.map(({ error }) => error?.code ?? null)).toEqual([null, 'script_syntax', null]);
      }
    });

    it('ends a refresh that is on the wire before it leaves, so that no rotated token is lost', async () => {
      host = await start({ env });
      await host.client('project.openSample', {});
      await host.client('tokens.get', { profile: 'orders-api' });
      const before = await host.client('tokens.reveal', { profile: 'orders-api' });
      const playground = await host.client('playground.start', {});
      if (playground.kind !== 'running') throw new Error('the playground does not run');
      const settings = { ...playground.settings, failure: { kind: 'slow', delayMs: 2000 } as const };
      await host.client('playground.configure', { settings });
      const refreshing = host.client('tokens.refresh', { profile: 'orders-api' }).catch(() => undefined);
      await host.page.getByText('Refreshing the token…').waitFor();
      const { folder } = host;
      await host.closeWindow(host.page);
      await host.close({ keepFolder: true });
      await refreshing;

      host = await start({ env, folder });
      const after = await host.client('tokens.reveal', { profile: 'orders-api' });
      expect(after.accessToken).not.toBe(before.accessToken);
    });

    it('gives the sign-in page no permission', async () => {
      host = await start({ env });
      await host.client('project.openSample', {});
      await host.client('scripts.save', { profile: 'orders-api', source: null });
      const started = host;
      const page = await started.consentPage(async () => {
        void started.client('tokens.get', { profile: 'orders-api' }).catch(() => undefined);
      });
      await page.getByLabel('User name').waitFor();
      const states = await page.evaluate(async () => {
        const names = ['notifications', 'camera', 'geolocation'] as PermissionName[];
        return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
      });
      expect(states).not.toContain('granted');
      await started.client('tokens.cancel', { profile: 'orders-api' });
    });
  });
});
