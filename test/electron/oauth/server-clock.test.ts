import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { clockAheadMs, clockCorrectionMs } from '../../../electron/oauth/server-clock.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const nowMs = Date.UTC(2030, 0, 1);
const httpDate = (atMs: number) => new Date(atMs).toUTCString();

describe('clockAheadMs', () => {
  it.each([
    [60_000, 0, 60_500],
    [60_000, 1_000, 60_000],
    [-3_600_000, 200, -3_599_600],
    [0, 0, 0],
    [0, 1_000, 0],
    [10_000, 10_000, 0],
    [60_000, 20_000, 50_500],
    [2_000, 100, 2_450],
  ])('of a Date %i ms on, in an answer that took %i ms, is %i', (dateMs, tookMs, ahead) => {
    expect(clockAheadMs(httpDate(nowMs + dateMs), nowMs, nowMs + tookMs)).toBe(ahead);
  });

  it.each([null, '', 'now', '1893456000'])('is unknown with the Date %o', (date) => {
    expect(clockAheadMs(date, nowMs, nowMs)).toBeNull();
  });

  it('counts beyond five seconds only', () => {
    expect([null, 0, 5_000, -5_000, 5_001, -3_600_000].map(clockCorrectionMs)).toEqual([
      0, 0, 0, 0, 5_001, -3_600_000,
    ]);
  });
});

describe('a token answer of a server whose clock differs', () => {
  let server: WebServer;
  let answer: { body: object; date: string | null };
  beforeAll(async () => {
    server = await startWebServer((_, response) => {
      response.sendDate = false;
      sendJson(response, answer.body, 200, answer.date === null ? {} : { date: answer.date });
    });
  });
  afterAll(() => server.close());

  function refresh(body: object, date: string | null) {
    answer = { body, date };
    const profile = testProfile({ server: { issuer: issuerUrl, tokenUrl: `${server.url}/token` } });
    return refreshTokens(
      profile,
      new Secret('r'),
      testContext(() => nowMs),
    );
  }

  const issuerUrl = 'https://login.example';
  const key = new TextEncoder().encode('a key of thirty-two bytes or more');
  function jwt(fromMs: number, lifetimeSeconds = 300): Promise<string> {
    const claims = { iss: issuerUrl, aud: 'orders-app', sub: 'ada', iat: fromMs / 1000 };
    return new SignJWT({ ...claims, exp: fromMs / 1000 + lifetimeSeconds })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key);
  }

  const hour = 3_600_000;
  it.each([
    [hour, hour + 500, nowMs - 500 + 300_000],
    [-hour, -hour + 500, nowMs - 500 + 300_000],
    // Within measurement and travel nothing is moved.
    [3_000, 3_500, nowMs + 3_000 + 300_000],
  ])('moves exp from a clock %i ms ahead to ours', async (ahead, told, expiresAtMs) => {
    const found = await refresh({ access_token: await jwt(nowMs + ahead) }, httpDate(nowMs + ahead));
    expect([found.clockAheadMs, found.accessExpiresAtMs]).toEqual([told, expiresAtMs]);
  });

  it('leaves lifetimes alone, and moves moments that stand in their place', async () => {
    const date = httpDate(nowMs + hour);
    const lifetime = await refresh({ access_token: 'at', expires_in: 300, refresh_expires_in: 600 }, date);
    expect([lifetime.accessExpiresAtMs, lifetime.refreshExpiresAtMs]).toEqual([
      nowMs + 300_000,
      nowMs + 600_000,
    ]);
    const moment = (nowMs + hour) / 1000 + 300;
    const moments = await refresh(
      { access_token: 'at', expires_in: moment, refresh_expires_in: moment },
      date,
    );
    expect([moments.accessExpiresAtMs, moments.refreshExpiresAtMs]).toEqual([
      nowMs + 299_500,
      nowMs + 299_500,
    ]);
  });

  it('takes moments as they stand when the server does not tell its time', async () => {
    const found = await refresh({ access_token: await jwt(nowMs) }, null);
    expect([found.clockAheadMs, found.accessExpiresAtMs]).toEqual([null, nowMs + 300_000]);
  });

  it.each<[string, number, number, string]>([
    ['accepts one that is good by the server, whose clock is ahead', hour, hour, 'accepted'],
    ['accepts one that is good by the server, whose clock is behind', -hour, -hour, 'accepted'],
    ['refuses one that is good by our clock alone, the server being ahead', hour, 0, 'expiration'],
    ['refuses one that is dead by the server, and good by ours', -hour, -2 * hour, 'expiration'],
    ['refuses one that is dead by both', 0, -hour, 'expiration'],
  ])('%s: an id token', async (_, ahead, issued, outcome) => {
    const idToken = await jwt(nowMs + issued);
    const work = () => refresh({ access_token: 'at', id_token: idToken }, httpDate(nowMs + ahead));
    if (outcome === 'accepted') expect((await work()).subject).toBe('ada');
    else expect((await failureOf(work)).message).toContain(outcome);
  });

  it('refuses an id token that is good by our clock, and not valid yet by the server', async () => {
    const idToken = await new SignJWT({ iss: issuerUrl, aud: 'orders-app', sub: 'ada', nbf: nowMs / 1000 })
      .setIssuedAt(nowMs / 1000)
      .setExpirationTime(nowMs / 1000 + 9_000)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key);
    const body = { access_token: 'at', id_token: idToken };
    expect((await refresh(body, httpDate(nowMs))).subject).toBe('ada');
    expect((await failureOf(() => refresh(body, httpDate(nowMs - hour)))).code).toBe(
      'token_response_invalid',
    );
  });
});
