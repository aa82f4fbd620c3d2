import { type KeyObject, X509Certificate } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import type { CertificateSource } from '../../network/resolved-network.ts';
import type { ClientIdentity } from '../../network/tls-settings.ts';
import { KeyProblem } from './key-problem.ts';
import { looksLikePem, readPem } from './pem.ts';
import { readPkcs12 } from './pkcs12.ts';
import type { StoredKey } from './stored-key.ts';

/** The key stands in its own text, or beside the certificates in theirs. */
function read({ certificate, key, passphrase }: CertificateSource): StoredKey {
  const text = certificate.reveal().trim();
  const secret = passphrase.reveal();
  if (text === '') throw new KeyProblem('key_invalid', 'is not there', 'Store it as a secret.');
  if (!looksLikePem(text)) return readPkcs12(text, secret);
  return readPem(`${key.reveal().trim()}\n${text}`, secret);
}

/** The certificate of the key, then each that has issued the one before. */
function chainOf(key: KeyObject, certificates: readonly Buffer[]): X509Certificate[] {
  const all = certificates.map((der) => new X509Certificate(der));
  const own = all.find((certificate) => certificate.checkPrivateKey(key));
  if (own === undefined) {
    throw new KeyProblem(
      'key_invalid',
      all.length === 0 ? 'is a private key without its certificate' : 'does not belong to its private key',
      'Store the certificate and the private key that it was issued for.',
    );
  }
  const chain = [own];
  for (let last = own; ; ) {
    const issuer = all.find((each) => !chain.includes(each) && last.checkIssued(each));
    if (issuer === undefined) return chain;
    chain.push(issuer);
    last = issuer;
  }
}

/**
 * Reads the client certificate for the servers of a host, with its private key: PEM, or PKCS#12 in base64. Throws
 * `network_invalid`, which names the host and nothing of the key.
 */
export function readClientCertificate(source: CertificateSource, host: string): ClientIdentity {
  try {
    const { key, certificates } = read(source);
    return {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificates: chainOf(key, certificates).join(''),
    };
  } catch (thrown) {
    const known = thrown instanceof KeyProblem;
    const problem = known ? thrown.problem : 'cannot be read';
    throw new AppError('network_invalid', `The client certificate for ${host} ${problem}.`, {
      action: known ? thrown.action : 'Store it in PEM, or as PKCS#12 in base64.',
      details: { host },
    });
  }
}
