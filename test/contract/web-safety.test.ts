import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningHost, startWebHost } from '../fixtures/hosts.ts';

interface Answer {
  status: number;
  body: string;
}

describe('the web host', () => {
  let host: RunningHost;
  let token: string;
  let port: string;
  beforeAll(async () => {
    host = await startWebHost();
    token = new URL(host.url).hash.replace('#token=', '');
    port = new URL(host.url).port;
  });
  afterAll(() => host?.close());

  /** fetch would set Host and Origin by itself; a hostile client does as it likes. */
  function ask(path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  const authorized = () => ({ authorization: `Bearer ${token}` });

  it('answers no call without the start token', async () => {
    expect((await ask('/api/call/app.info', {}, '{}')).status).toBe(401);
    expect((await ask('/api/call/app.info', { authorization: 'Bearer wrong' }, '{}')).status).toBe(401);
    expect((await ask('/api/call/app.info', authorized(), '{}')).status).toBe(200);
  });

  it('answers nothing under another name, so that a rebound DNS name reaches nothing', async () => {
    const rebound = { ...authorized(), host: `evil.example:${port}` };
    expect((await ask('/api/call/app.info', rebound, '{}')).status).toBe(403);
    expect((await ask('/', { host: 'evil.example' })).status).toBe(403);
  });

  it('answers no other origin', async () => {
    expect(
      (await ask('/api/call/app.info', { ...authorized(), origin: 'https://evil.example' }, '{}')).status,
    ).toBe(403);
  });

  it('serves no file outside the renderer', async () => {
    for (const path of [
      '/../engine/web.js',
      '/..%2fengine%2fweb.js',
      '/%2e%2e/%2e%2e/package.json',
      '/..%5cengine%5cweb.js',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
  });

  it('survives calls that cannot be read', async () => {
    expect((await ask('/api/call/app.info', authorized(), '{not json')).status).toBe(400);
    expect((await ask('/%', authorized())).status).toBe(400);
    expect((await ask('/api/call/app.info', authorized(), 'x'.repeat(6_000_000))).status).toBe(400);
    expect((await ask('/api/call/app.info', authorized(), '{}')).status).toBe(200);
  });

  it('answers a call that does not exist with its own code', async () => {
    expect(JSON.parse((await ask('/api/call/constructor', authorized(), '{}')).body)).toMatchObject({
      kind: 'error',
      error: { code: 'call_unknown' },
    });
  });

  it('survives a refused upgrade whose sender resets the connection', async () => {
    for (let round = 0; round < 20; round += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          const head = `GET /api/events HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n`;
          socket.write(
            `${head}sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
          );
          socket.resetAndDestroy();
        });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      });
    }
    expect((await ask('/api/call/app.info', authorized(), '{}')).status).toBe(200);
  });

  it('gives events to nobody without the start token', async () => {
    const refused = (protocols: string[], origin?: string) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(
          `ws://127.0.0.1:${port}/api/events`,
          protocols,
          origin === undefined ? {} : { origin },
        );
        socket.on('open', () => {
          socket.close();
          resolve(false);
        });
        socket.on('error', () => resolve(true));
      });
    expect(await refused(['grantwright', 'wrong'])).toBe(true);
    expect(await refused(['grantwright', token], 'https://evil.example')).toBe(true);
    expect(await refused(['grantwright', token])).toBe(false);
  });
});
