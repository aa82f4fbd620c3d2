import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  orders,
  passwordClient,
  requestByPassword,
  requestToken,
  tokensOf,
} from '../../fixtures/playground-tokens.ts';

let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.stop());

function times<Result>(count: number, task: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => task(index)));
}

function refreshed(refreshToken: string | undefined): Promise<Response> {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };
  return requestToken(playground.url, fields, passwordClient);
}

async function obtain() {
  return tokensOf(await requestByPassword(playground.url));
}

describe('the token endpoint under load', () => {
  it('answers a thousand requests at once, each with tokens of its own that work', async () => {
    const before = playground.status().counters;
    const all = await times(1000, obtain);
    expect(new Set(all.map((tokens) => tokens.access_token)).size).toBe(1000);
    expect(new Set(all.map((tokens) => tokens.refresh_token)).size).toBe(1000);
    const { password, refused } = playground.status().counters;
    expect([password - before.password, refused - before.refused]).toEqual([1000, 0]);
    for (const tokens of [all[0], all[499], all[999]]) {
      expect((await orders(playground.url, tokens?.access_token ?? '')).status).toBe(200);
    }
  }, 60_000);

  it('answers a thousand requests one after another', async () => {
    let { refresh_token: refreshToken } = await obtain();
    for (let count = 0; count < 1000; count += 1) {
      ({ refresh_token: refreshToken } = await tokensOf(await refreshed(refreshToken)));
    }
    expect(refreshToken).toEqual(expect.any(String));
  }, 60_000);
});

describe('one refresh token, presented by two at the same moment', () => {
  it('is good for exactly one of them, and the reuse ends the chain, in fifty chains side by side', async () => {
    const before = playground.status().counters;
    const chains = await times(50, obtain);
    const pairs = await Promise.all(
      chains.map(({ refresh_token: token }) => Promise.all([refreshed(token), refreshed(token)])),
    );
    for (const pair of pairs) {
      const [winner, loser] = pair[0].status === 200 ? pair : [pair[1], pair[0]];
      const tokens = await tokensOf(winner);
      expect([loser.status, await loser.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
      expect((await orders(playground.url, tokens.access_token)).status).toBe(401);
    }
    const { reused, refused } = playground.status().counters;
    expect([reused - before.reused, refused - before.refused]).toEqual([50, 50]);
  });

  it('is good for both with rotation off', async () => {
    const { settings } = playground.status();
    playground.configure({ ...settings, rotation: false });
    const { refresh_token: token } = await obtain();
    const { reused } = playground.status().counters;
    for (const answer of await times(10, () => refreshed(token))) {
      expect((await tokensOf(answer)).refresh_token).toBe(token);
    }
    expect(playground.status().counters.reused).toBe(reused);
    playground.configure(settings);
  });
});

describe('the counters', () => {
  it('count a reuse once for each chain that it ended', async () => {
    const before = playground.status().counters.reused;
    const { refresh_token: token } = await obtain();
    await tokensOf(await refreshed(token));
    for (const answer of [await refreshed(token), await refreshed(token), await refreshed('unknown')]) {
      expect(answer.status).toBe(400);
    }
    expect(playground.status().counters.reused).toBe(before + 1);
  });

  it('count every refusal, by settings too', async () => {
    const { settings, counters } = playground.status();
    const failures = [
      { kind: 'refuse_refresh' },
      { kind: 'server_error' },
      { kind: 'too_many_requests', retryAfterSeconds: 0 },
      { kind: 'malformed_json' },
    ] as const;
    const { refresh_token: token } = await obtain();
    for (const failure of failures) {
      playground.configure({ ...settings, failure });
      await refreshed(token);
    }
    playground.configure({ ...settings, failure: { kind: 'slow', delayMs: 0 } });
    await tokensOf(await refreshed(token));
    await requestToken(playground.url, { scope: 'x'.repeat(70_000) });
    playground.configure(settings);
    expect(playground.status().counters.refused).toBe(counters.refused + 5);
  });
});
