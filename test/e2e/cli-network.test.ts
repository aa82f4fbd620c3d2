import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkSchema } from '../../shared/model/network.ts';
import { profileSchema } from '../../shared/model/profile.ts';
import { cli } from '../fixtures/cli.ts';
import { startHttpProxy } from '../fixtures/http-proxy.ts';
import { secureLoginScript, startSecureLogin } from '../fixtures/secure-login.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { pem, tlsFile } from '../fixtures/tls-server.ts';

/** A project as it comes out of git: its certificate and passwords come from outside. */
async function checkout(server: string): Promise<{ folder: string; project: string }> {
  const folder = await temporaryFolder();
  const project = join(folder, 'orders');
  for (const part of ['profiles', 'scripts', 'requests', 'certificates'])
    await mkdir(join(project, part), { recursive: true });
  const network = networkSchema.parse({
    trustedCertificates: ['certificates/ca.pem'],
    clientCertificates: [{ host: '*.orders.test', certificate: '{{cert}}', passphrase: '{{cert_pass}}' }],
  });
  const profile = profileSchema.parse({
    name: 'Orders',
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1:1/callback' },
    server: { authorizationUrl: `${server}/authorize`, tokenUrl: `${server}/token` },
    client: { kind: 'none', id: 'app' },
  });
  const request = { name: 'List', url: `${server}/api`, auth: { kind: 'profile', profile: 'orders' } };
  const files = {
    'grantwright.json': JSON.stringify({ format: 1, name: 'Orders', network }),
    'certificates/ca.pem': pem('ca'),
    'profiles/orders.json': JSON.stringify(profile),
    'scripts/orders.js': secureLoginScript,
    'requests/list.json': JSON.stringify(request),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(project, file), text);
  return { folder, project };
}

describe('the way to servers on the command line', () => {
  it('is that of the environment: proxy and certificate come from variables', async () => {
    const proxy = await startHttpProxy({ login: 'ci:proxy-pw' });
    const { port, visits } = await startSecureLogin({ asksForCertificate: true });
    const { folder, project } = await checkout(`https://login.orders.test:${port}`);
    const run = (variables: Record<string, string>) =>
      cli(folder, ['send', 'list', '--trust-scripts', '-p', project], variables);
    const certificate = {
      GRANTWRIGHT_VAR_cert: tlsFile('client.p12').toString('base64'),
      GRANTWRIGHT_VAR_cert_pass: 'open-sesame',
    };
    const good = { HTTPS_PROXY: `http://ci:proxy-pw@127.0.0.1:${proxy.port}`, ...certificate };
    const { code, out, err } = await run(good);
    expect(code, err).toBe(0);
    expect(out.trim()).toBe('{"orders":[]}');
    expect(err).not.toMatch(/warning/i);
    expect(new Set(visits.map(({ client }) => client))).toEqual(new Set(['orders-client']));
    expect(proxy.asked.every(({ user }) => user === 'ci')).toBe(true);

    const wrong = await run({ ...good, HTTPS_PROXY: `http://ci:marker-pw@127.0.0.1:${proxy.port}` });
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('proxy_login_required');
    expect(wrong.err).not.toContain('marker-pw');
    const excluded = await run({ ...good, NO_PROXY: 'orders.test' });
    expect([excluded.code, excluded.err.includes('was not found')]).toEqual([2, true]);
  });
});
