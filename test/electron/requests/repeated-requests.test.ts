import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { newDpopKey } from '../../../electron/oauth/dpop.ts';
import { AppError } from '../../../shared/errors.ts';
import type { TokenUse } from '../../../shared/model/request.ts';
import { accepts, service, statusOf, token, valid } from './request-rig.ts';
import { startServer } from './test-server.ts';

const updated: TokenUse = { kind: 'updated', profile: 'orders', persona: 'default', after401: true };

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
