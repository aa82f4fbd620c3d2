import { describe, expect, it, onTestFinished } from 'vitest';
import { plainNetwork, type ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { createSender } from '../../../electron/requests/send.ts';
import { AppError } from '../../../shared/errors.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { startHttpProxy } from '../../fixtures/http-proxy.ts';
import { through, trusting } from '../../fixtures/networks.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { startTlsServer } from '../../fixtures/tls-server.ts';
import { startWebServer } from '../../fixtures/web-server.ts';
import { kinds, type Send } from './both-kinds.ts';

describe.each(Object.entries(kinds))('%s', (_name, send: Send) => {
  it('trusts the CA of the project, and nobody else for it', async () => {
    const { port } = await startTlsServer();
    expect(await send(trusting, `https://127.0.0.1:${port}/a`)).toEqual({ status: 200, body: 'hello' });
    expect((await failureOf(() => send(plainNetwork, `https://127.0.0.1:${port}/a`))).code).toBe('tls_error');
  });

  it.each([
    ['expired', 'it has expired'],
    ['early', 'it is not valid yet'],
    ['other-host', 'it was issued for another host name'],
  ])('does not take a certificate that is %s from a CA that it trusts', async (certificate, problem) => {
    const { port } = await startTlsServer({ certificate });
    const error = await failureOf(() => send(trusting, `https://127.0.0.1:${port}/`));
    expect([error.code, error.message]).toEqual(['tls_error', expect.stringContaining(problem)]);
  });

  it('checks no certificate where that is off', async () => {
    const { port } = await startTlsServer({ certificate: 'expired' });
    const unchecked = { ...plainNetwork, verifyTls: false };
    expect((await send(unchecked, `https://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('tells of settings that cannot be used to whoever needs them, and to nobody else', async () => {
    const { port } = await startTlsServer();
    const plain = await startWebServer((_, response) => response.end('plain'));
    onTestFinished(() => plain.close());
    const error = new AppError('network_invalid', 'ca.pem is not there.');
    const unusable = { kind: 'unusable' as const, error };
    const untrusting: ResolvedNetwork = { ...plainNetwork, trusted: unusable };
    expect(await failureOf(() => send(untrusting, `https://127.0.0.1:${port}/`))).toBe(error);
    expect((await send(untrusting, plain.url)).body).toBe('plain');
    const lost: ResolvedNetwork = {
      ...trusting,
      proxy: { kind: 'custom', server: unusable, bypass: ['shop.test'] },
    };
    expect(await failureOf(() => send(lost, `https://orders.test:${port}/`))).toBe(error);
    expect((await failureOf(() => send(lost, 'http://shop.test/'))).code).toBe('server_unreachable');
  });

  it('speaks HTTP/2 to who does, and HTTP/1.1 to all others or where that is off', async () => {
    const both = await startTlsServer({ http2: true });
    const old = await startTlsServer();
    expect((await send(trusting, `https://127.0.0.1:${both.port}/a`)).status).toBe(200);
    expect((await send(trusting, `https://127.0.0.1:${old.port}/a`)).status).toBe(200);
    expect((await send({ ...trusting, http2: false }, `https://127.0.0.1:${both.port}/b`)).status).toBe(200);
    expect(both.visits.map(({ httpVersion, method, path }) => [httpVersion, method, path])).toEqual([
      ['2.0', 'POST', '/a'],
      ['1.1', 'POST', '/b'],
    ]);
    expect(old.visits[0]?.httpVersion).toBe('1.1');
    expect(both.visits[0]?.body).toMatch(/grant_type=x|order=1/);
  });

  it('speaks HTTP/2 through a proxy', async () => {
    const proxy = await startHttpProxy();
    const { port, visits } = await startTlsServer({ http2: true });
    expect(
      (await send(through(`http://127.0.0.1:${proxy.port}`), `https://orders.test:${port}/`)).status,
    ).toBe(200);
    expect(visits[0]?.httpVersion).toBe('2.0');
  });
});

it('sends by HTTP/1.1 what HTTP/2 has no words for', async () => {
  const { port, visits } = await startTlsServer({ http2: true });
  const sender = createSender({ now: () => performance.now(), connections: startConnections() });
  const send = (request: Partial<Parameters<typeof sender.send>[0]>) =>
    sender.send(
      { method: 'GET', url: `https://127.0.0.1:${port}/`, headers: [], body: null, ...request },
      trusting,
      new AbortController().signal,
    );
  await send({ body: 'a body' });
  await send({ headers: [{ name: 'TE', value: 'trailers' }] });
  await send({
    headers: [
      { name: 'X-Two', value: '1' },
      { name: 'X-Two', value: '2' },
    ],
  });
  await send({ method: 'DELETE', body: 'gone' });
  expect(visits.map(({ httpVersion, method, body }) => [httpVersion, method, body])).toEqual([
    ['1.1', 'GET', 'a body'],
    ['1.1', 'GET', ''],
    ['2.0', 'GET', ''],
    ['1.1', 'DELETE', 'gone'],
  ]);
  expect(visits[2]?.headers['x-two']).toBe('1, 2');
});
