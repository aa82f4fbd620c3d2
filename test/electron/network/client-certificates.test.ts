import { describe, expect, it } from 'vitest';
import type { ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { createSender } from '../../../electron/requests/send.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { trusting, withCertificate } from '../../fixtures/networks.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { startRawServer } from '../../fixtures/raw-server.ts';
import { pem, startTlsServer, tlsFile } from '../../fixtures/tls-server.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { kinds, type Send } from './both-kinds.ts';

describe.each(Object.entries(kinds))('%s', (_name, send: Send) => {
  const certificates = {
    PEM: withCertificate({ certificate: pem('client'), key: pem('client-key') }),
    'PEM in one text': withCertificate({ certificate: `${pem('client')}${pem('client-key')}` }),
    'PKCS#12': withCertificate({
      certificate: tlsFile('client.p12').toString('base64'),
      passphrase: 'open-sesame',
    }),
    'PKCS#12 of an old program': withCertificate({
      certificate: tlsFile('client-old.p12').toString('base64'),
      passphrase: 'open-sesame',
    }),
  };
  it.each(Object.entries(certificates))(
    'shows the client certificate for the host, from %s',
    async (_kind, network) => {
      const { port, visits } = await startTlsServer({ asksForCertificate: true });
      expect((await send(network, `https://127.0.0.1:${port}/`)).status).toBe(200);
      expect(visits.map(({ client }) => client)).toEqual(['orders-client']);
    },
  );

  it('shows it to no other host', async () => {
    const { port } = await startTlsServer({ asksForCertificate: true });
    const network = withCertificate({ certificate: pem('client'), key: pem('client-key') }, 'other.example');
    // The server closes at once, and now and then that overtakes what it says.
    await untilPasses(async () => {
      const error = await failureOf(() => send(network, `https://127.0.0.1:${port}/`));
      expect([error.code, error.message]).toEqual([
        'client_certificate_required',
        `127.0.0.1:${port} asks for a client certificate, and was shown none.`,
      ]);
      expect(error.details?.delivery).toBe('not_sent');
    });
  });

  it('takes the entry that fits best', async () => {
    const { port, visits } = await startTlsServer({ asksForCertificate: true });
    const exact = withCertificate(
      { certificate: pem('client'), key: pem('client-key') },
      `127.0.0.1:${port}`,
    );
    const loose = withCertificate(
      { certificate: pem('other-client'), key: pem('other-client-key') },
      '127.0.0.1',
    );
    const clientCertificates = [...loose.clientCertificates, ...exact.clientCertificates];
    expect((await send({ ...trusting, clientCertificates }, `https://127.0.0.1:${port}/`)).status).toBe(200);
    expect(visits.map(({ client }) => client)).toEqual(['orders-client']);
  });

  // RFC 8446 section 6.2; Node.js as a server closes the connection without an alert.
  it.each([
    ['bad_certificate', 42, 'client_certificate_refused'],
    ['unsupported_certificate', 43, 'client_certificate_refused'],
    ['certificate_revoked', 44, 'client_certificate_refused'],
    ['certificate_expired', 45, 'client_certificate_refused'],
    ['certificate_unknown', 46, 'client_certificate_refused'],
    ['unknown_ca', 48, 'client_certificate_refused'],
    ['access_denied', 49, 'client_certificate_refused'],
    ['certificate_required', 116, 'client_certificate_required'],
    ['handshake_failure', 40, 'tls_error'],
  ])('takes the alert %s for what it says', async (_alert, description, code) => {
    const { host } = await startRawServer((socket) => {
      // A record of the type alert, fatal.
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, description])));
    });
    const shown = withCertificate({ certificate: pem('self-signed'), key: pem('key') });
    const error = await failureOf(() => send(shown, `https://${host}/`));
    expect([error.code, error.details?.delivery]).toEqual([code, 'not_sent']);
    expect(error.message).toContain(host);
  });

  it('says what is wrong with a client certificate', async () => {
    const { port } = await startTlsServer({ asksForCertificate: true });
    const broken: [ResolvedNetwork, string][] = [
      [
        withCertificate({ certificate: tlsFile('client.p12').toString('base64'), passphrase: 'wrong' }),
        'does not open with its passphrase',
      ],
      [
        withCertificate({ certificate: pem('client'), key: pem('other-client-key') }),
        'does not belong to its private key',
      ],
      [withCertificate({ certificate: pem('client') }), 'is a certificate without its private key'],
      [withCertificate({ certificate: 'rubbish' }), 'is not a private key'],
      [withCertificate({ certificate: '' }), 'is not there'],
    ];
    for (const [network, words] of broken) {
      const error = await failureOf(() => send(network, `https://127.0.0.1:${port}/`));
      expect([error.code, error.message]).toEqual([
        'network_invalid',
        `The client certificate for 127.0.0.1 ${words}.`,
      ]);
    }
  });
});

it('shows each host its own, though connections are kept for the next request', async () => {
  const { port, visits } = await startTlsServer({ asksForCertificate: true });
  const forAddress = withCertificate({ certificate: pem('client'), key: pem('client-key') });
  const forName = withCertificate(
    { certificate: pem('other-client'), key: pem('other-client-key') },
    'localhost',
  );
  const clientCertificates = [...forAddress.clientCertificates, ...forName.clientCertificates];
  const sender = createSender({ now: () => performance.now(), connections: startConnections() });
  for (const host of ['127.0.0.1', 'localhost']) {
    const request = { method: 'GET' as const, url: `https://${host}:${port}/`, headers: [], body: null };
    await sender.send(request, { ...trusting, clientCertificates }, new AbortController().signal);
  }
  expect(visits.map(({ client }) => client)).toEqual(['orders-client', 'other-client']);
});
