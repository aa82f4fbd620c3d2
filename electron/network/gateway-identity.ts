import { createHash, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** Who a gateway is towards a browser: nobody else's, and gone with this process. */
export interface GatewayIdentity {
  secureContext: SecureContext;
  /** SHA-256 of its public key (SPKI) in base64, by which Chromium can be told to take it. */
  publicKeyHash: string;
  /** SHA-256 of its certificate in base64. */
  fingerprint: string;
}

const dayMs = 24 * 3600 * 1000;

async function make(): Promise<GatewayIdentity> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A positive number.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - dayMs);
  certificate.validity.notAfter = new Date(Date.now() + 365 * dayMs);
  const name = [{ name: 'commonName', value: 'Grantwright, of this process alone' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  const made = new X509Certificate(pem);
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');
  return {
    secureContext: createSecureContext({ key: privateKey, cert: pem }),
    publicKeyHash: hash(made.publicKey.export({ type: 'spki', format: 'der' })),
    fingerprint: hash(made.raw),
  };
}

let made: Promise<GatewayIdentity> | undefined;

/** The identity of this process's gateways, made when it is first needed. */
export function gatewayIdentity(): Promise<GatewayIdentity> {
  made ??= make();
  return made;
}
