import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mask } from '../../../electron/requests/variables.ts';
import { AppError } from '../../../shared/errors.ts';
import type { ApiRequest, RequestAuth } from '../../../shared/model/request.ts';
import { Secret } from '../../../shared/secret.ts';
import { accepts, orders, service, statusOf, token, valid } from './request-rig.ts';
import { startServer } from './test-server.ts';

describe('sending a request', () => {
  it('carries the token, which is shown masked only', async () => {
    const server = await startServer(accepts('MARKER-access-token-of-some-length'));
    const { send, asked } = service({ forSend: async () => token('MARKER-access-token-of-some-length') });
    const exchange = await send({ url: server.url });
    expect(statusOf(exchange.outcome)).toBe(200);
    expect(exchange.request.headers.at(-1)).toEqual({ name: 'Authorization', value: 'Bearer MARKER…••••' });
    expect(exchange).toMatchObject({ id: 'exchange-1', tokenUse: valid });
    expect(exchange.tokenEvents).toEqual(['got MARKER-access-token-of-some-length']);
    expect(inspect(exchange.request)).not.toContain('MARKER-access');
    expect(asked).toEqual(['forSend orders for List']);
    const { tokenMs, firstByteMs, downloadMs, totalMs } = exchange.timing;
    expect(totalMs).toBeGreaterThanOrEqual(tokenMs + firstByteMs + downloadMs - 0.001);
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('writes the token type %s as Bearer', async (type) => {
    const server = await startServer(accepts('a'));
    const exchange = await service({ forSend: async () => token('a', valid, type) }).send({
      url: server.url,
    });
    expect(statusOf(exchange.outcome)).toBe(200);
  });

  it.each<RequestAuth>([{ kind: 'none' }, { kind: 'inherit' }])(
    'asks for no token with auth $kind',
    async (auth) => {
      const server = await startServer((_request, response) => response.end());
      const { send, asked } = service({ forSend: async () => token('a') });
      const exchange = await send(
        { url: server.url, headers: [{ name: 'Authorization', value: 'Basic x' }] },
        auth,
      );
      expect(exchange.tokenUse).toEqual({ kind: 'none' });
      expect(server.received[0]?.headers.authorization).toBe('Basic x');
      expect(asked).toEqual([]);
    },
  );

  it('shows a 401 as it is when the request carries no token of a profile', async () => {
    const server = await startServer(accepts('a'));
    const { send, asked } = service({ forSend: async () => token('a') });
    expect(statusOf((await send({ url: server.url }, { kind: 'none' })).outcome)).toBe(401);
    expect(asked).toEqual([]);
  });

  it('keeps secrets out of all that it shows', async () => {
    const server = await startServer((_request, response) => response.end());
    const { send } = service({ forSend: async () => token('a') }, { key: new Secret('MARKER-key') });
    const url = `${server.url}/?key={{key}}`;
    const headers = [{ name: 'X-Key', value: '{{key}}' }];
    const sent = await send({ url, headers });
    expect(server.received[0]?.path).toBe('/?key=MARKER-key');
    expect(sent.request.url).toBe(`${server.url}/?key=${mask}`);
    await server.close();
    const failed = await send({ url, headers });
    expect(failed.outcome).toMatchObject({ kind: 'failed', error: { code: 'server_unreachable' } });
    expect(JSON.stringify([sent, failed])).not.toContain('MARKER');
  });

  it.each<[string, Partial<ApiRequest>]>([
    ['url_invalid', { url: 'nonsense' }],
    ['variable_missing', { url: '{{host}}/orders' }],
    ['request_invalid', { headers: [{ name: 'a b', value: '' }] }],
    ['request_invalid', { headers: [{ name: 'authorization', value: 'Basic x' }] }],
  ])('finds %s before it asks for a token', async (code, request) => {
    const { send, asked } = service({ forSend: async () => token('a') });
    const exchange = await send(request);
    expect(exchange.outcome).toMatchObject({ kind: 'failed', error: { code } });
    expect(exchange.request.url).not.toBe('');
    expect(asked).toEqual([]);
  });

  it('does not send when there is no token, and keeps the events that tell why', async () => {
    const server = await startServer((_request, response) => response.end());
    const { send } = service({
      forSend: async ({ onTokenEvent }) => {
        onTokenEvent('refresh-refused');
        throw new AppError('token_missing', 'There is no token.');
      },
    });
    const exchange = await send({ url: server.url });
    expect(exchange.outcome).toEqual({
      kind: 'failed',
      error: { code: 'token_missing', message: 'There is no token.' },
    });
    expect(exchange.tokenEvents).toEqual(['refresh-refused']);
    expect(server.received).toHaveLength(0);
  });

  it('refuses a token or a token type that would break the header', async () => {
    const server = await startServer((_request, response) => response.end());
    for (const broken of [token('MARKER\r\nEvil: 1'), token('a', valid, 'x\r\nEvil: 1')]) {
      const exchange = await service({ forSend: async () => broken }).send({ url: server.url });
      expect(exchange.outcome).toMatchObject({ kind: 'failed', error: { code: 'request_invalid' } });
      expect(JSON.stringify([exchange.outcome, exchange.request])).not.toContain('MARKER');
    }
    expect(server.received).toHaveLength(0);
  });

  it('leaves the response as the server sent it, the token echoed in it too', async () => {
    const server = await startServer(({ headers }, response) => response.end(headers.authorization));
    const exchange = await service({ forSend: async () => token('echoed') }).send({ url: server.url });
    expect(exchange.outcome).toMatchObject({ response: { body: { text: 'Bearer echoed' } } });
  });

  it('can be cancelled while it waits for the token, and while it waits for the server', async () => {
    const server = await startServer(() => undefined);
    const first = new AbortController();
    const waiting = service({
      forSend: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.')));
          first.abort();
        }),
    });
    expect((await waiting.send({ url: server.url }, orders, first.signal)).outcome).toMatchObject({
      error: { code: 'cancelled' },
    });
    expect(server.received).toHaveLength(0);

    const second = new AbortController();
    const sent = service({ forSend: async () => token('a') }).send(
      { url: server.url },
      orders,
      second.signal,
    );
    await expect.poll(() => server.received.length).toBe(1);
    second.abort();
    expect((await sent).outcome).toMatchObject({ error: { code: 'cancelled' } });
  });

  it('hands on a defect instead of showing it as an outcome', async () => {
    const { send } = service({
      forSend: async () => {
        throw new TypeError('defect');
      },
    });
    await expect(send({})).rejects.toThrow('defect');
  });
});
