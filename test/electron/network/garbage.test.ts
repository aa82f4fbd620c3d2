import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGateway } from '../../../electron/network/gateway.ts';
import { matchesHost } from '../../../electron/network/host-pattern.ts';
import { environmentProxy, proxiesOfPac, readProxyUrl } from '../../../electron/network/system-proxy.ts';
import { readClientCertificate } from '../../../electron/oauth/keys/client-certificate.ts';
import { certificatesIn } from '../../../electron/services/resolve-network.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { trusting } from '../../fixtures/networks.ts';
import { pem, startTlsServer, tlsFile } from '../../fixtures/tls-server.ts';

const runs = { numRuns: 10_000 };
const nearUrl = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        'http',
        'socks5',
        '://',
        '@',
        ':',
        '/',
        '[',
        ']',
        '%',
        '8080',
        'proxy',
        '.',
        '?',
        '#',
        ' ',
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('')),
);

describe('whatever stands there', () => {
  it('a proxy’s URL is read, or is none', () => {
    fc.assert(
      fc.property(nearUrl, (text) => {
        const proxy = readProxyUrl(text);
        if (proxy === null) return;
        expect(proxy.host).not.toBe('');
        expect(Number.isInteger(proxy.port) && proxy.port >= 0 && proxy.port < 65_536).toBe(true);
      }),
      runs,
    );
  });

  it('the environment and a PAC answer name a proxy, or none', () => {
    const target = { host: 'a.example', port: 443 };
    fc.assert(
      fc.property(nearUrl, nearUrl, (one, other) => {
        environmentProxy({ https_proxy: one, no_proxy: other }, 'https:', target);
        proxiesOfPac(`${one};${other}`);
        proxiesOfPac(`PROXY ${one}`);
        matchesHost(other, target);
      }),
      runs,
    );
  });

  it('a client certificate is read, or refused in words that hold nothing of it', () => {
    const real = tlsFile('client.p12').toString('base64');
    const damaged = fc
      .tuple(fc.nat(real.length - 1), fc.base64String({ maxLength: 8 }))
      .map(([at, text]) => `${real.slice(0, at)}${text}${real.slice(at + text.length)}`);
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), damaged);
    fc.assert(
      fc.property(text, fc.string({ minLength: 12 }), (certificate, passphrase) => {
        try {
          const source = {
            certificate: new Secret(certificate),
            key: new Secret(''),
            passphrase: new Secret(passphrase),
          };
          readClientCertificate(source, 'a.example');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
          const error = AppError.from(thrown);
          expect(error.code).toBe('network_invalid');
          expect(JSON.stringify(error.toWire())).not.toContain(passphrase);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('trusted certificates are read, or refused by the name of the file', () => {
    const ca = pem('ca');
    const damaged = fc
      .tuple(fc.nat(ca.length - 1), fc.string({ maxLength: 8 }))
      .map(([at, text]) => `${ca.slice(0, at)}${text}${ca.slice(at + text.length)}`);
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(certificatesIn(text, 'a.pem')).toContain('BEGIN CERTIFICATE');
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'network_invalid' });
        }
      }),
      runs,
    );
  });
});

it('a gateway hears garbage, and goes on', async () => {
  const gateway = await openGateway(startConnections(), trusting);
  onTestFinished(() => gateway.close());
  const { port } = await startTlsServer();
  const [host = '', at = ''] = gateway.address.split(':');
  const { username, password } = gateway.login;
  const proof = `Proxy-Authorization: Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;

  /** Sends bytes, and gives the first line of the answer; empty: none came. */
  function ask(bytes: string | Uint8Array, waitMs: number | null = null): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ host, port: Number(at) }, () => socket.write(bytes));
      socket.once('data', (data) => {
        resolve(String(data).split('\r\n')[0] ?? '');
        socket.destroy();
      });
      socket.on('error', () => resolve(''));
      socket.on('close', () => resolve(''));
      if (waitMs !== null) socket.setTimeout(waitMs, () => socket.destroy());
    });
  }
  /** To most of it comes no answer, which nothing but time can tell. */
  const say = (bytes: string | Uint8Array) => ask(bytes, 300);
  const authorities = [
    '',
    ':',
    ':99999',
    'a:b',
    '[',
    '[::1',
    'a b:1',
    '\u00e4:1',
    '127.0.0.1:0',
    `127.0.0.1:${at}/`,
  ];
  for (const authority of authorities) await say(`CONNECT ${authority} HTTP/1.1\r\n${proof}\r\n\r\n`);
  for (const line of [
    'GET / HTTP/1.1',
    'GET ftp://a/ HTTP/1.1',
    'GET http:// HTTP/1.1',
    'BREW x HTTP/9',
    '\u0016\u0003\u0001',
  ])
    await say(`${line}\r\nHost: a\r\n${proof}\r\n\r\n`);
  const bytes = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 300 }), 100);
  for (let from = 0; from < bytes.length; from += 20)
    await Promise.all(bytes.slice(from, from + 20).map(say));
  // TLS is expected behind it, and does not come.
  await say(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${proof}\r\n\r\nnot TLS at all`);

  expect(await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`)).toContain('407');
  expect(await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${proof}\r\n\r\n`)).toContain('200');
});
