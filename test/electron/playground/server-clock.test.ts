import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import { playgroundSettingsSchema } from '../../../shared/model/playground.ts';

let playground: Playground;
const noon = Date.UTC(2031, 4, 6, 12, 0, 0);
let now = noon;

beforeAll(async () => {
  playground = await startPlayground({ now: () => now });
});
afterAll(() => playground.stop());
beforeEach(() => {
  now = noon;
});

function ahead(seconds: number): void {
  playground.configure(playgroundSettingsSchema.parse({ clockAheadSeconds: seconds }));
}

const paths = [
  '/',
  '/nothing',
  '/auth',
  '/auth?client_id=playground-app&prompt=none',
  '/interaction/x',
  '/logout',
  '/token',
  '/revoke',
  '/me',
  '/jwks',
  '/api/orders',
  '/.well-known/openid-configuration',
];

describe('the Date header', () => {
  it.each([0, 3600, -90])('of every answer is ahead by what the settings say: %i s', async (seconds) => {
    ahead(seconds);
    const expected = new Date(noon + seconds * 1000).toUTCString();
    for (const path of paths) {
      const answer = await fetch(`${playground.url}${path}`, { redirect: 'manual' });
      expect([path, answer.headers.get('date')]).toEqual([path, expected]);
    }
    for (const path of ['/token', '/introspect', '/revoke', '/api/orders', '/logout']) {
      const answer = await fetch(`${playground.url}${path}`, { method: 'POST', body: new URLSearchParams() });
      expect([path, answer.headers.get('date')]).toEqual([path, expected]);
    }
  });

  it('is of the moment at which the answer goes out', async () => {
    ahead(10);
    const { revocation } = playground.status().counters;
    const call = request(`${playground.url}/revoke`, { method: 'POST' });
    const answered = once(call, 'response');
    call.write('client_id=');
    await expect.poll(() => playground.status().counters.revocation).toBe(revocation + 1);
    now = noon + 60_000;
    call.end('playground-app');
    expect(await answered).toMatchObject([{ headers: { date: new Date(noon + 70_000).toUTCString() } }]);
  });

  it.each([86_401, -86_401, 0.5])('cannot be ahead by %d s', (seconds) => {
    const { settings } = playground.status();
    expect(() => playground.configure({ ...settings, clockAheadSeconds: seconds })).toThrow(
      expect.objectContaining({ code: 'playground_failed' }),
    );
  });
});
