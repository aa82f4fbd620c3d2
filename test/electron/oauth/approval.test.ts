import { describe, expect, it } from 'vitest';
import { pollForToken } from '../../../electron/oauth/approval.ts';
import { requestToken } from '../../../electron/oauth/token-request.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { closedPort, sendJson, startWebServer } from '../../fixtures/web-server.ts';

type Reply = [body: unknown, status?: number, headers?: Record<string, string>] | 'hang up';

/** Polls a server that gives one reply after the other, on a clock that only the waits move; gives the waits in seconds. */
async function poll(replies: Reply[], { expiresInMs = 600_000, intervalMs = 5_000 } = {}) {
  let nowMs = 1_000_000;
  const waits: number[] = [];
  const server = await startWebServer((_, response) => {
    const reply = replies[server.requests.length - 1] ?? [{ access_token: 'at', token_type: 'Bearer' }];
    if (reply === 'hang up') response.socket?.destroy();
    else sendJson(response, ...reply);
  });
  const profile = testProfile({ server: { tokenUrl: server.url } });
  const context = testContext(() => nowMs);
  const request = { grantType: 'urn:x', parameters: {}, secrets: [], nonce: null };
  const polling = pollForToken(
    () => requestToken(profile, request, context),
    { expiresAtMs: nowMs + expiresInMs, intervalMs },
    context,
    {
      url: 'https://id.example/device',
      wait: async (ms) => {
        waits.push(ms / 1000);
        nowMs += ms;
      },
    },
  );
  try {
    return { waits, token: (await polling).accessToken.reveal(), error: null };
  } catch (thrown) {
    return { waits, token: null, error: await failureOf(() => Promise.reject(thrown)) };
  } finally {
    await server.close();
  }
}

const pending: Reply = [{ error: 'authorization_pending' }, 400];
const slowDown: Reply = [{ error: 'slow_down' }, 400];

describe('pollForToken', () => {
  it('asks at the interval for as long as the answer is pending, whatever its status', async () => {
    const replies: Reply[] = [
      pending,
      [{ error: 'authorization_pending' }, 428],
      [{ error: 'authorization_pending' }, 403],
      [{ error: 'authorization_pending' }],
    ];
    expect(await poll(replies, { intervalMs: 2_000 })).toMatchObject({ waits: [2, 2, 2, 2, 2], token: 'at' });
  });

  it('asks five seconds more slowly each time that the server says slow_down, from then on', async () => {
    const replies: Reply[] = [slowDown, pending, [{ error: 'slow_down' }, 429], pending];
    expect(await poll(replies)).toMatchObject({ waits: [5, 10, 10, 15, 15], token: 'at' });
  });

  it('waits longer where the server says so beside slow_down', async () => {
    const replies: Reply[] = [
      [{ error: 'slow_down' }, 429, { 'retry-after': '40' }],
      [{ error: 'slow_down' }, 400, { 'retry-after': '70' }],
      [{ error: 'slow_down' }, 400, { 'retry-after': '2' }],
    ];
    expect(await poll(replies)).toMatchObject({ waits: [5, 40, 70, 75], token: 'at' });
  });

  it('asks half as often after each failure in passing, and never gives up for one', async () => {
    const replies: Reply[] = ['hang up', [{}, 503], pending, [{}, 503, { 'retry-after': '90' }], pending];
    expect(await poll(replies)).toMatchObject({ waits: [5, 10, 20, 20, 90, 90], token: 'at' });
  });

  it('stops when the time is over, by the clock or by the word of the server', async () => {
    const late = await poll([pending, pending, pending], { expiresInMs: 12_000 });
    expect([late.waits, late.error?.code]).toEqual([[5, 5, 2], 'consent_timeout']);
    const told = await poll([pending, [{ error: 'expired_token' }, 400]]);
    expect([told.waits, told.error?.code]).toEqual([[5, 5], 'consent_timeout']);
    expect(told.error?.message).toContain('id.example');
  });

  it.each(['access_denied', 'authorization_declined'])('stops when it is refused: %s', async (error) => {
    const refused = await poll([[{ error, error_description: 'no' }, 400]]);
    expect([refused.error?.code, refused.error?.server?.error]).toEqual(['consent_denied', error]);
  });

  it('stops at what waiting does not mend', async () => {
    const wrong = await poll([pending, [{ error: 'invalid_grant' }, 400]]);
    expect([wrong.waits, wrong.error?.code]).toEqual([[5, 5], 'token_request_refused']);
    const page = await poll([[{ hello: 'there' }]]);
    expect(page.error?.code).toBe('token_response_invalid');
  });

  it('goes on when the server cannot be reached at all', async () => {
    const profile = testProfile({ server: { tokenUrl: `http://127.0.0.1:${await closedPort()}` } });
    let nowMs = 0;
    const waits: number[] = [];
    const request = { grantType: 'urn:x', parameters: {}, secrets: [], nonce: null };
    const error = await failureOf(() =>
      pollForToken(
        () => requestToken(profile, request, testContext()),
        { expiresAtMs: 60_000, intervalMs: 5_000 },
        { now: () => nowMs },
        {
          url: 'https://id.example',
          wait: async (ms) => {
            waits.push(ms / 1000);
            nowMs += ms;
          },
        },
      ),
    );
    expect([error.code, waits]).toEqual(['consent_timeout', [5, 10, 20, 25]]);
  });
});
