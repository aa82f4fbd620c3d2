import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnections } from '../../../electron/network/connections.ts';
import { plainNetwork } from '../../../electron/network/resolved-network.ts';
import { newDpopKey } from '../../../electron/oauth/dpop.ts';
import { readClientCertificate } from '../../../electron/oauth/keys/client-certificate.ts';
import {
  createRequestService,
  type SendToken,
  type TokenOptions,
} from '../../../electron/requests/request-service.ts';
import { createSender } from '../../../electron/requests/send.ts';
import { mask } from '../../../electron/requests/variables.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Placement } from '../../../shared/model/placement.ts';
import {
  type ApiRequest,
  exchangeSchema,
  type RequestAuth,
  requestSchema,
  type TokenUse,
} from '../../../shared/model/request.ts';
import { Secret } from '../../../shared/secret.ts';
import { type Received, startServer } from './test-server.ts';

const orders: RequestAuth = { kind: 'profile', profile: 'orders', persona: null };
const valid: TokenUse = { kind: 'valid', profile: 'orders', persona: 'default' };
const updated: TokenUse = { kind: 'updated', profile: 'orders', persona: 'default', after401: true };

const inHeader: Placement = { kind: 'header', name: 'Authorization', prefix: null };

function token(value: string, use: TokenUse = valid, tokenType = 'bearer'): SendToken {
  return {
    ...{
      accessToken: new Secret(value),
      idToken: null,
      dpopKey: null,
      tokenType,
      use,
      eventIds: [`got ${value}`],
    },
    ...{ placement: inHeader, placedToken: 'access_token' },
  };
}

interface Asked {
  /** Default: the Authorization header. */
  placement?: Placement;
  forSend: (options: TokenOptions) => Promise<SendToken>;
  after401?: (rejected: Secret, options: TokenOptions) => Promise<SendToken | null>;
}

/** The service over a real sender; tokens come from the test, which counts what is asked. */
function service(source: Asked, values: Record<string, string | Secret> = {}) {
  const connections = createConnections({ readIdentity: readClientCertificate });
  const sender = createSender({ now: () => performance.now(), connections });
  onTestFinished(() => connections.close());
  const asked: string[] = [];
  let ids = 0;
  const requests = createRequestService({
    now: () => performance.now(),
    begin: () => ({
      lookup: async (name) => values[name],
      network: async () => plainNetwork,
      tokens: {
        placementOf: () => source.placement ?? inHeader,
        forSend: ({ profile }, options) => {
          asked.push(`forSend ${profile} for ${options.requestName}`);
          return source.forSend(options);
        },
        after401: async ({ profile }, rejected, options) => {
          asked.push(`after401 ${profile} ${rejected.reveal()}`);
          return source.after401?.(rejected, options) ?? null;
        },
      },
    }),
    sender,
    newId: () => `exchange-${++ids}`,
  });
  async function send(
    request: Partial<ApiRequest>,
    auth: RequestAuth = orders,
    signal = new AbortController().signal,
  ) {
    const whole = requestSchema.parse({ name: 'List', url: 'http://127.0.0.1', ...request });
    return exchangeSchema.parse(await requests.send({ id: 'orders/list', request: whole, auth }, signal));
  }
  return { send, asked };
}

/** Answers 200 to this token, 401 with the challenge to any other. */
function accepts(value: string, challenge = 'Bearer realm="x", error="invalid_token"') {
  return ({ headers }: Received, response: ServerResponse) => {
    const good = headers.authorization === `Bearer ${value}`;
    response
      .writeHead(good ? 200 : 401, good ? {} : { 'www-authenticate': challenge })
      .end(good ? 'yes' : 'no');
  };
}

const statusOf = (outcome: { kind: string; response?: { status: number } }) => outcome.response?.status;

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

describe('a 401 that says the token is dead', () => {
  it('is answered with another token, once', async () => {
    const server = await startServer(accepts('new'));
    const { send, asked } = service({
      forSend: async () => token('old'),
      after401: async () => token('new', updated),
    });
    const exchange = await send({ url: server.url, method: 'POST', body: { kind: 'json', text: '{}' } });
    expect(statusOf(exchange.outcome)).toBe(200);
    expect(exchange.tokenUse).toEqual(updated);
    expect(exchange.tokenEvents).toEqual(['got old', 'got new']);
    expect(exchange.request.headers.filter(({ name }) => name === 'Authorization')).toHaveLength(1);
    expect(server.received.map(({ body }) => body)).toEqual(['{}', '{}']);
    expect(asked.at(-1)).toBe('after401 orders old');
  });

  it('never makes a loop: a server that always says so gets exactly two calls', async () => {
    const server = await startServer(accepts('nobody has it'));
    let count = 0;
    const { send, asked } = service({
      forSend: async () => token('t0'),
      after401: async () => token(`t${++count}`, updated),
    });
    const exchange = await send({ url: server.url });
    expect(statusOf(exchange.outcome)).toBe(401);
    expect(server.received).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  it('is shown as it is when no other token is to be had', async () => {
    const server = await startServer(accepts('new'));
    const expired: TokenUse = { kind: 'expired', profile: 'orders', persona: 'default' };
    const exchange = await service({
      forSend: async () => token('old', expired),
      after401: async () => null,
    }).send({
      url: server.url,
    });
    expect(statusOf(exchange.outcome)).toBe(401);
    expect(exchange.tokenUse).toEqual(expired);
    expect(server.received).toHaveLength(1);
  });

  it.each(['Bearer realm="x"', 'Bearer error="insufficient_scope"', 'Basic realm="error=invalid_token"'])(
    'is not read out of the challenge %s',
    async (challenge) => {
      const server = await startServer(accepts('new', challenge));
      const { send, asked } = service({ forSend: async () => token('old') });
      expect(statusOf((await send({ url: server.url })).outcome)).toBe(401);
      expect(asked).toHaveLength(1);
    },
  );

  it('fails with what went wrong when the update fails', async () => {
    const server = await startServer(accepts('new'));
    const { send } = service({
      forSend: async () => token('old'),
      after401: async (_rejected, { onTokenEvent }) => {
        onTokenEvent('refused');
        throw new AppError('consent_required', 'Consent is needed.');
      },
    });
    const exchange = await send({ url: server.url });
    expect(exchange.outcome).toMatchObject({ kind: 'failed', error: { code: 'consent_required' } });
    expect(exchange.tokenEvents).toEqual(['got old', 'refused']);
    expect(server.received).toHaveLength(1);
  });
});

describe('an API that gives another nonce with each answer', () => {
  it('gets each request once, but for the first', async () => {
    const given: string[] = ['none'];
    const server = await startServer(({ headers }, response) => {
      const { nonce } = decodeJwt(String(headers.dpop));
      const good = nonce === given.at(-1);
      given.push(`n-${given.length}`);
      response.setHeader('dpop-nonce', given.at(-1) ?? '');
      if (good) response.end('yes');
      else response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }).end();
    });
    const dpopKey = await newDpopKey('ES256');
    const { send } = service({ forSend: async () => ({ ...token('a', valid, 'DPoP'), dpopKey }) });
    for (let round = 0; round < 3; round += 1) {
      expect(statusOf((await send({ url: server.url })).outcome)).toBe(200);
    }
    expect(server.received.map(({ headers }) => decodeJwt(String(headers.dpop)).nonce)).toEqual([
      undefined,
      ...['n-1', 'n-2', 'n-3'],
    ]);
  });
});
