import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import { send, sendRaw } from './raw-requests.ts';

describe('a request', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await startPlayground();
  });
  afterAll(() => playground.stop());

  it('must name this server as its host', async () => {
    const { port } = playground;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`]) {
      expect(await send(playground, '/', { host })).toBe(200);
    }
    const strangers = [
      'evil.test',
      `evil.test:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port}.evil.test`,
      '127.0.0.1:1',
    ];
    for (const host of strangers) {
      for (const path of ['/', '/api/orders', '/token', '/revoke', '/logout', '/auth', '/jwks']) {
        expect(await send(playground, path, { host })).toBe(403);
      }
    }
    expect(playground.status().counters.api).toBe(0);
  });

  it.each([
    '/nothing',
    '//token',
    '/TOKEN',
    '/token/',
    '/%74oken',
    '/./token',
    '/auth/../token',
    '/AUTH',
    '/auth/',
    '/interaction/',
    '/interaction/..',
    '/interaction/a/b',
    '/session/end',
    '/logout/confirm',
    '/logout/success',
    '/revoke/',
    '/INTROSPECT',
    '/reg',
    '/favicon.ico',
    '/%',
    '/%00',
    '/__proto__',
    'http://127.0.0.1/token',
    '*',
  ])('for %s finds nothing', async (path) => {
    expect(await send(playground, path)).toBe(404);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400/],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400/],
    [
      'two lengths',
      'POST /token HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      /^HTTP\/1\.1 400/,
    ],
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
    ['CONNECT', 'CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n', /^$/],
    ['HTTP/1.0 without host', 'GET / HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 403/],
  ])('that is broken does no harm: %s', async (_what, bytes, answer) => {
    expect(await sendRaw(playground, bytes)).toMatch(answer);
    expect((await fetch(playground.url)).status).toBe(200);
  });

  it('that breaks off in its body does no harm', async () => {
    const head = `Host: 127.0.0.1:${playground.port}\r\nContent-Length: 1000\r\n\r\n`;
    for (const path of ['/token', '/api/orders', '/interaction/x', '/auth']) {
      await new Promise<void>((resolve) => {
        const socket = connect(playground.port, '127.0.0.1', () => {
          socket.write(`POST ${path} HTTP/1.1\r\n${head}abc`, () => {
            socket.destroy();
            resolve();
          });
        });
      });
    }
    expect((await fetch(playground.url)).status).toBe(200);
  });

  it('with another method than the front page’s is refused', async () => {
    expect((await fetch(playground.url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(playground.url, { method: 'HEAD' })).status).toBe(200);
  });
});
