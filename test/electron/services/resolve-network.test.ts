import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ready } from '../../../electron/network/resolved-network.ts';
import { resolveNetwork } from '../../../electron/services/resolve-network.ts';
import { AppError } from '../../../shared/errors.ts';
import { networkSchema } from '../../../shared/model/network.ts';
import { Secret } from '../../../shared/secret.ts';
import { pem } from '../../fixtures/tls-server.ts';
import { temporaryProject } from '../projects/temporary-project.ts';

const values: Record<string, string | Secret> = {
  proxy_host: 'proxy.example',
  proxy_pass: new Secret('marker-secret'),
  cert: new Secret('marker-certificate'),
};

type Given = Parameters<typeof networkSchema.parse>[0] & object;

function resolve(network: Given, files: Record<string, string> = {}, folder = temporaryProject(files)) {
  return resolveNetwork(
    { folder, network: networkSchema.parse(network) },
    { verifyTls: true, timeoutSeconds: 7 },
    async (name) => {
      if (name !== 'absent') return values[name];
      throw new AppError('secret_missing', 'There is no value for absent.');
    },
  );
}

/** The code and message of what could not be made ready. */
function problemOf<Value>(ready: Ready<Value>): string {
  return ready.kind === 'ready' ? 'ready' : `${ready.error.code}: ${ready.error.message}`;
}

describe('resolveNetwork', () => {
  it('fills in variables, and keeps secrets secret', async () => {
    const network = await resolve({
      proxy: { kind: 'custom', url: 'http://{{proxy_host}}:8080', user: 'me', password: '{{proxy_pass}}' },
      clientCertificates: [{ host: 'a.example', certificate: '{{cert}}' }],
      connectTimeoutSeconds: 3,
      requestTimeoutSeconds: 4,
    });
    expect(network).toMatchObject({
      proxy: { server: { value: { protocol: 'http', host: 'proxy.example', port: 8080, user: 'me' } } },
      ...{ connectTimeoutMs: 3_000, requestTimeoutMs: 4_000, tokenTimeoutMs: 7_000, http2: true },
    });
    const { proxy, clientCertificates } = network;
    const password = proxy.kind === 'custom' && proxy.server.kind === 'ready' && proxy.server.value.password;
    expect(password instanceof Secret && password.reveal()).toBe('marker-secret');
    const source = clientCertificates[0]?.source;
    expect(source?.kind === 'ready' && source.value.certificate.reveal()).toBe('marker-certificate');
    expect(JSON.stringify(network)).not.toContain('marker');
  });

  it.each([
    ['nonsense://x', 'is no address of a proxy'],
    ['http://me:pw@proxy.example', 'has a user name or a password in it'],
    ['http://{{proxy_pass}}:8080', 'comes from a secret'],
  ])('keeps what is wrong with the proxy %s for whoever needs it', async (url, words) => {
    const { proxy } = await resolve({ proxy: { kind: 'custom', url } });
    if (proxy.kind !== 'custom') throw new Error('no proxy');
    expect(problemOf(proxy.server)).toContain(`network_invalid: The proxy of the project ${words}`);
    expect(problemOf(proxy.server)).not.toContain('marker');
  });

  it('keeps the name of a secret that is missing for whoever needs it', async () => {
    const { clientCertificates } = await resolve({
      clientCertificates: [{ host: 'a.example', certificate: '{{absent}}' }],
    });
    expect(clientCertificates.map(({ source }) => problemOf(source))).toEqual([
      'secret_missing: There is no value for absent.',
    ]);
  });

  it('reads every certificate of a file, and nothing else in it', async () => {
    const text = `# two\n${pem('ca')}\n${pem('key')}\n${pem('client-ca')}`;
    const { trusted } = await resolve(
      { trustedCertificates: ['certificates/a.pem'] },
      { 'certificates/a.pem': text },
    );
    expect(trusted).toEqual({ kind: 'ready', value: [`${pem('ca')}${pem('client-ca')}`] });
  });

  it.each([
    ['no certificate', 'hello', 'holds no certificate that can be read'],
    ['a damaged one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'holds no certificate'],
    ['a key', pem('key'), 'holds no certificate'],
  ])('names the file that holds %s', async (_name, text, words) => {
    const { trusted } = await resolve({ trustedCertificates: ['a.pem'] }, { 'a.pem': text });
    expect(problemOf(trusted)).toContain(`network_invalid: a.pem ${words}`);
  });

  it('names the file that is not there, and reads none through a link', async () => {
    expect(problemOf((await resolve({ trustedCertificates: ['gone.pem'] })).trusted)).toContain(
      'network_invalid: gone.pem, a trusted certificate of the project, is not there',
    );
    if (process.platform === 'win32') return;
    const folder = temporaryProject();
    symlinkSync('/etc/passwd', join(folder, 'link.pem'));
    const linked = await resolve({ trustedCertificates: ['link.pem'] }, {}, folder);
    expect(problemOf(linked.trusted)).toContain('project_file_unreadable: link.pem: is a symbolic link');
  });

  it.each(['../outside.pem', '/etc/ssl/ca.pem', 'a/../../b.pem', 'C:\\ca.pem', 'a//b.pem', './a.pem', ''])(
    'has no path that leads out of the project: %s',
    (path) => {
      expect(networkSchema.safeParse({ trustedCertificates: [path] }).success).toBe(false);
    },
  );
});
