import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { plainNetwork } from '../../../electron/network/resolved-network.ts';
import { pem, startTlsServer } from '../../fixtures/tls-server.ts';
import { kinds } from './both-kinds.ts';

// Before anything asks for the default certificates, which are read once.
process.env.NODE_EXTRA_CA_CERTS = fileURLToPath(new URL('../../fixtures/tls/ca.pem', import.meta.url));

it('trusts what Node.js was given to trust beside the CAs of the project', async () => {
  const { port } = await startTlsServer();
  const network = { ...plainNetwork, trusted: { kind: 'ready' as const, value: [pem('client-ca')] } };
  expect((await kinds['an API request'](network, `https://127.0.0.1:${port}/`)).status).toBe(200);
});
