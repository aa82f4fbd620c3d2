import { describe, expect, it } from 'vitest';
import { startPlayground } from '../../../electron/playground/playground.ts';
import { obtainTokens, refresh, tokensOf } from '../../fixtures/playground-tokens.ts';
import { expectInvalidGrant, sharedPlayground } from './shared-playground.ts';

const playground = sharedPlayground();

describe('a lifetime', () => {
  it('is what the settings say at the moment of issue, and kept to the millisecond', async () => {
    playground.configure({ accessLifetimeSeconds: 60 });
    const { access_token: accessToken, expires_in: expiresIn } = await playground.obtain();
    expect(expiresIn).toBe(60);
    playground.configure({ accessLifetimeSeconds: 900 });
    expect((await playground.orders(accessToken)).status).toBe(200);
    playground.clock.aheadMs += 60_000;
    expect((await playground.orders(accessToken)).status).toBe(401);
    expect((await playground.obtain()).expires_in).toBe(900);
  });

  it('of one second lasts one second on the system’s clock', async () => {
    const real = await startPlayground({ settings: { accessLifetimeSeconds: 1 } });
    const before = performance.now();
    const { access_token: accessToken } = await obtainTokens({ playgroundUrl: real.url });
    const status = async () =>
      (await fetch(`${real.url}/api/orders`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
    await expect.poll(status, { interval: 20, timeout: 10_000 }).toBe(401);
    expect(performance.now() - before).toBeGreaterThan(990);
    await real.stop();
  });

  it('ends a refresh token too', async () => {
    playground.configure({ refreshLifetimeSeconds: 600 });
    const { refresh_token: refreshToken } = await playground.obtain();
    playground.clock.aheadMs += 500_000;
    const next = await tokensOf(await refresh(playground.url, refreshToken));
    playground.clock.aheadMs += 600_000;
    await expectInvalidGrant(await refresh(playground.url, next.refresh_token));
  });

  it('of a year survives the year', async () => {
    playground.configure({ refreshLifetimeSeconds: 31_536_000, rotation: false });
    const { refresh_token: refreshToken } = await playground.obtain();
    playground.clock.aheadMs += 31_535_000_000;
    await tokensOf(await refresh(playground.url, refreshToken));
  });
});
