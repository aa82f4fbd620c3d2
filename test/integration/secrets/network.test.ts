import { afterAll, expect, test } from 'vitest';
import { networkSchema } from '../../../shared/model/network.ts';
import { endChromium } from '../../fixtures/engine.ts';
import { startHttpProxy } from '../../fixtures/http-proxy.ts';
import { startSocksServer } from '../../fixtures/socks-server.ts';
import { closedPort } from '../../fixtures/web-server.ts';
import { profile, send, startMarkedEngine } from './marked-project.ts';
import { startMarkedServer } from './marked-server.ts';
import { stem } from './markers.ts';

afterAll(endChromium);

const proxyPassword = `pr0xy-${stem}`;
const named = {
  clientCertificates: [{ host: '127.0.0.1:1', certificate: '{{cert}}', passphrase: '{{cert_pass}}' }],
};
const by = (url: string) =>
  networkSchema.parse({
    proxy: { kind: 'custom', url, user: 'me', password: '{{proxy_password}}', bypass: ['<-loopback>'] },
    ...named,
  });

test('the password of a proxy and a client certificate stand in nothing', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server);
  const network = (url: string) => engine.call('project.saveNetwork', { network: by(url) });
  const values = { proxy_password: proxyPassword, cert: `c3rt-${stem}`, cert_pass: `p4ss-${stem}` };
  for (const [name, value] of Object.entries(values)) await engine.call('secrets.save', { name, value });

  const http = await startHttpProxy({ login: `me:${proxyPassword}` });
  const socks = await startSocksServer({ login: `me:${proxyPassword}` });
  for (const url of [`http://127.0.0.1:${http.port}`, `socks5://127.0.0.1:${socks.port}`]) {
    await network(url);
    await engine.call('tokens.get', { profile });
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { kind: 'response' } });
  }
  expect(http.asked.length).toBeGreaterThan(2);
  expect(socks.asked.length).toBeGreaterThan(2);

  // What fails must not tell it either.
  const other = await startHttpProxy({ login: 'me:another' });
  const otherSocks = await startSocksServer({ login: 'me:another' });
  const codes = [
    [`http://127.0.0.1:${other.port}`, 'proxy_login_required'],
    [`socks5://127.0.0.1:${otherSocks.port}`, 'proxy_login_required'],
    [`http://127.0.0.1:${await closedPort()}`, 'proxy_unreachable'],
  ] as const;
  for (const [url, code] of codes) {
    await network(url);
    expect(await engine.try('tokens.get', { profile })).toBe(code);
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { error: { code } } });
  }
  await network('http://{{proxy_password}}:1');
  expect(await engine.try('tokens.get', { profile })).toBe('network_invalid');
  await engine.call('project.saveNetwork', { network: networkSchema.parse(named) });
  const unreadable = await send(engine, 'https://127.0.0.1:1/');
  expect(unreadable).toMatchObject({ outcome: { error: { code: 'network_invalid' } } });
  engine.expectNoSecret('a network with secrets');
});
