import { X509Certificate } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { ClientCertificate, Proxy as ProxySettings } from '../../shared/model/network.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { Project } from '../../shared/model/project.ts';
import { Secret } from '../../shared/secret.ts';
import type {
  CertificateSource,
  ProxyServer,
  Ready,
  ResolvedNetwork,
  ResolvedProxy,
} from '../network/resolved-network.ts';
import { readProxyUrl } from '../network/system-proxy.ts';
import { certificateBlocks } from '../oauth/keys/pem.ts';
import { readText } from '../projects/project-files.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import { notingSecrets } from './noted-secrets.ts';

const where = 'Network in the menu of the project';

/** What fails here is told by the connection that needs it: all others are none the worse for it. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Ready<Value>> {
  try {
    return { kind: 'ready', value: await work() };
  } catch (thrown) {
    return { kind: 'unusable', error: AppError.from(thrown) };
  }
}

async function secret(reference: string, lookup: VariableLookup): Promise<Secret> {
  return new Secret((await resolveTemplate(reference, lookup)).text);
}

async function serverOf(
  { url, user, password }: Extract<ProxySettings, { kind: 'custom' }>,
  lookup: VariableLookup,
): Promise<ProxyServer> {
  const resolved = await resolveTemplate(url, lookup);
  const server = readProxyUrl(resolved.text);
  if (
    server === null ||
    server.user !== '' ||
    server.password.reveal() !== '' ||
    resolved.secrets.length > 0
  ) {
    const problem =
      resolved.secrets.length > 0
        ? 'comes from a secret, and messages name it'
        : server === null
          ? 'is no address of a proxy'
          : 'has a user name or a password in it';
    throw new AppError('network_invalid', `The proxy of the project ${problem}.`, {
      action: `Write kind, host and port, such as http://proxy.example.com:8080 or socks5://127.0.0.1:1080; user name and password have fields of their own: ${where}.`,
    });
  }
  const name = (await resolveTemplate(user, lookup)).text;
  return { ...server, user: name, password: await secret(password, lookup) };
}

async function proxyOf(proxy: ProxySettings, lookup: VariableLookup): Promise<ResolvedProxy> {
  if (proxy.kind !== 'custom') return proxy;
  return { kind: 'custom', server: await attempt(() => serverOf(proxy, lookup)), bypass: proxy.bypass };
}

/** The certificates in a text in PEM, one after another; anything between them is left out. Throws `network_invalid`. */
export function certificatesIn(text: string, file: string): string {
  const blocks = certificateBlocks(text);
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block).toString()).join('');
  } catch {
    // Said below.
  }
  throw new AppError('network_invalid', `${file} holds no certificate that can be read.`, {
    action: `Put certificates in PEM there (-----BEGIN CERTIFICATE-----), or take it out of the trusted ones: ${where}.`,
    details: { file },
  });
}

async function trustedIn(folder: string, file: string): Promise<string> {
  const text = await readText(folder, file);
  if (text !== undefined) return certificatesIn(text, file);
  throw new AppError('network_invalid', `${file}, a trusted certificate of the project, is not there.`, {
    action: `Put it there, or take it out of the trusted ones: ${where}.`,
    details: { file },
  });
}

async function sourceOf(
  { certificate, key, passphrase }: ClientCertificate,
  lookup: VariableLookup,
): Promise<CertificateSource> {
  return {
    certificate: await secret(certificate, lookup),
    key: await secret(key, lookup),
    passphrase: await secret(passphrase, lookup),
  };
}

/** What a profile adds to the project's network; a request without a token has the defaults. */
export type ProfileNetwork = Pick<Profile, 'verifyTls' | 'timeoutSeconds'>;

/**
 * Fills in the variables of a project's network, and reads the certificates that it trusts. What is missing or wrong is
 * kept, and thrown by the connection that needs it.
 */
export async function resolveNetwork(
  { folder, network }: Pick<Project, 'folder' | 'network'>,
  { verifyTls, timeoutSeconds }: ProfileNetwork,
  find: VariableLookup,
): Promise<ResolvedNetwork> {
  const { lookup, noted } = notingSecrets(find);
  const read = {
    proxy: await proxyOf(network.proxy, lookup),
    trusted: await attempt(() =>
      Promise.all(network.trustedCertificates.map((file) => trustedIn(folder, file))),
    ),
    clientCertificates: await Promise.all(
      network.clientCertificates.map(async (entry) => ({
        host: entry.host,
        source: await attempt(() => sourceOf(entry, lookup)),
      })),
    ),
    http2: network.http2,
    verifyTls,
    connectTimeoutMs: network.connectTimeoutSeconds * 1000,
    tokenTimeoutMs: timeoutSeconds * 1000,
    requestTimeoutMs: network.requestTimeoutSeconds * 1000,
  };
  return { ...read, secrets: [...noted] };
}
