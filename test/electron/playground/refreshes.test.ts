import { describe, expect, it } from 'vitest';
import { refresh, requestToken, tokensOf } from '../../fixtures/playground-tokens.ts';
import { expectInvalidGrant, sharedPlayground } from './shared-playground.ts';

const playground = sharedPlayground();

describe('a refresh', () => {
  it('rotates the refresh token, and revokes all of the grant when an old one comes back', async () => {
    const first = await playground.obtain();
    const second = await tokensOf(await refresh(playground.url, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await playground.orders(second.access_token)).status).toBe(200);
    await expectInvalidGrant(await refresh(playground.url, first.refresh_token));
    expect((await playground.orders(second.access_token)).status).toBe(401);
    await expectInvalidGrant(await refresh(playground.url, second.refresh_token));
  });

  it('sees reuse in requests that come at the same moment as well', async () => {
    const { refresh_token: refreshToken } = await playground.obtain();
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(playground.url, refreshToken)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it('touches no other grant of the same user and client when it revokes one', async () => {
    const [one, other] = [await playground.obtain(), await playground.obtain()];
    await tokensOf(await refresh(playground.url, one.refresh_token));
    await expectInvalidGrant(await refresh(playground.url, one.refresh_token));
    expect((await playground.orders(other.access_token)).status).toBe(200);
    await tokensOf(await refresh(playground.url, other.refresh_token));
  });

  it('keeps the refresh token with rotation off, from the next refresh on', async () => {
    const first = await playground.obtain();
    playground.configure({ rotation: false });
    for (const _ of [1, 2]) {
      const next = await tokensOf(await refresh(playground.url, first.refresh_token));
      expect(next.refresh_token).toBe(first.refresh_token);
    }
    playground.configure({ rotation: true });
    const rotated = await tokensOf(await refresh(playground.url, first.refresh_token));
    expect(rotated.refresh_token).not.toBe(first.refresh_token);
  });

  it('may ask for less than was granted, and not for more', async () => {
    const { refresh_token: refreshToken } = await playground.obtain();
    const fields = { grant_type: 'refresh_token', client_id: 'playground-app' };
    const more = await requestToken(playground.url, {
      ...fields,
      refresh_token: refreshToken ?? '',
      scope: 'orders.write',
    });
    expect(await more.json()).toMatchObject({ error: 'invalid_scope' });
    const less = await requestToken(playground.url, {
      ...fields,
      refresh_token: refreshToken ?? '',
      scope: 'orders.read',
    });
    expect((await tokensOf(less)).scope).toBe('orders.read');
  });

  it('is refused for an access token, an unknown token, and another client’s', async () => {
    const { access_token: accessToken, refresh_token: refreshToken } = await playground.obtain();
    await expectInvalidGrant(await refresh(playground.url, accessToken));
    await expectInvalidGrant(await refresh(playground.url, 'unknown'));
    await expectInvalidGrant(
      await requestToken(
        playground.url,
        { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' },
        'playground-web:playground-web-secret',
      ),
    );
  });
});
