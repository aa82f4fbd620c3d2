import { describe, expect, it } from 'vitest';
import { refresh, tokensOf } from '../../fixtures/playground-tokens.ts';
import { expectInvalidGrant, sharedPlayground } from './shared-playground.ts';

const playground = sharedPlayground();

describe('a failure on purpose', () => {
  it('refuses refreshes alone, and the refresh token is good again afterwards', async () => {
    playground.fail({ kind: 'refuse_refresh' });
    const { refresh_token: refreshToken } = await playground.obtain();
    await expectInvalidGrant(await refresh(playground.url, refreshToken));
    playground.fail({ kind: 'none' });
    await tokensOf(await refresh(playground.url, refreshToken));
  });

  it('is a 500 with text', async () => {
    playground.fail({ kind: 'server_error' });
    const answer = await refresh(playground.url, 'x');
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal Server Error']);
    expect(answer.headers.get('content-type')).toContain('text/plain');
  });

  it('is a 429 with Retry-After', async () => {
    playground.fail({ kind: 'too_many_requests', retryAfterSeconds: 7 });
    const answer = await refresh(playground.url, 'x');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('is JSON that breaks off', async () => {
    playground.fail({ kind: 'malformed_json' });
    const answer = await refresh(playground.url, 'x');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('application/json'),
    ]);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  it('is a normal answer, late', async () => {
    const { refresh_token: refreshToken } = await playground.obtain();
    playground.fail({ kind: 'slow', delayMs: 300 });
    const started = performance.now();
    await tokensOf(await refresh(playground.url, refreshToken));
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it('keeps nobody else waiting, and issues nothing to a client that gave up', async () => {
    const { access_token: accessToken, refresh_token: refreshToken } = await playground.obtain();
    playground.fail({ kind: 'slow', delayMs: 60_000 });
    const gaveUp = new AbortController();
    const { refresh_token: before } = playground.status().counters;
    const waiting = fetch(`${playground.url}/token`, {
      method: 'POST',
      signal: gaveUp.signal,
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'playground-app',
        refresh_token: refreshToken ?? '',
      }),
    });
    waiting.catch(() => 'aborted');
    await expect.poll(() => playground.status().counters.refresh_token).toBe(before + 1);
    expect((await playground.orders(accessToken)).status).toBe(200);
    gaveUp.abort();
    await expect(waiting).rejects.toThrow();
    playground.fail({ kind: 'none' });
    await tokensOf(await refresh(playground.url, refreshToken));
  });
});
