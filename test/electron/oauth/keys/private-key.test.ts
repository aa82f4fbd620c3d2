import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import type { ResolvedKey } from '../../../../electron/oauth/resolved-profile.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';
import { failureOf } from '../../../fixtures/oauth-profile.ts';
import { ec, ed25519, p12, passphrase, pem, read, resolved, rsa } from './stored-keys.ts';

const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ec521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });

function selfSigned(key: KeyObject): string {
  const certificate = forge.pki.createCertificate();
  const privateKeyOfForge = forge.pki.privateKeyFromPem(pem(key, 'pkcs1'));
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKeyOfForge.n, privateKeyOfForge.e);
  certificate.serialNumber = '01';
  certificate.validity.notAfter = new Date(Date.UTC(2100, 0, 1));
  certificate.setSubject([{ name: 'commonName', value: 'orders' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'orders' }]);
  certificate.sign(privateKeyOfForge, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** Signs with what was read, and checks that with the public half. */
async function signs(key: ResolvedKey, publicKey: KeyObject): Promise<unknown> {
  const { key: signing, algorithm } = await read(key);
  const jwt = await new SignJWT({ sub: 'app' }).setProtectedHeader({ alg: algorithm }).sign(signing);
  return (await jwtVerify(jwt, publicKey)).payload.sub;
}

describe('privateKey', () => {
  it.each<[string, string, string, SigningAlgorithm, KeyObject]>([
    ['PKCS#8', pem(rsa.privateKey, 'pkcs8'), '', 'RS256', rsa.publicKey],
    ['PKCS#8 with another hash', pem(rsa.privateKey, 'pkcs8'), '', 'RS512', rsa.publicKey],
    ['PKCS#8 for PSS', pem(rsa.privateKey, 'pkcs8'), '', 'PS256', rsa.publicKey],
    ['PKCS#1', pem(rsa.privateKey, 'pkcs1'), '', 'RS384', rsa.publicKey],
    ['PKCS#1 locked', pem(rsa.privateKey, 'pkcs1', true), passphrase, 'PS384', rsa.publicKey],
    ['PKCS#8 locked', pem(rsa.privateKey, 'pkcs8', true), passphrase, 'PS512', rsa.publicKey],
    ['SEC 1', pem(ec.privateKey, 'sec1'), '', 'ES256', ec.publicKey],
    ['SEC 1 locked', pem(ec.privateKey, 'sec1', true), passphrase, 'ES256', ec.publicKey],
    ['PKCS#8 of P-384', pem(ec384.privateKey, 'pkcs8'), '', 'ES384', ec384.publicKey],
    ['PKCS#8 of P-521', pem(ec521.privateKey, 'pkcs8'), '', 'ES512', ec521.publicKey],
    ['PKCS#8 of Ed25519', pem(ed25519.privateKey, 'pkcs8'), '', 'EdDSA', ed25519.publicKey],
    ['Windows line ends', pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\r\n'), '', 'RS256', rsa.publicKey],
    ['line ends of JSON', pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\\n'), '', 'RS256', rsa.publicKey],
    ['one line', pem(rsa.privateKey, 'pkcs8').replaceAll('\n', ' '), '', 'RS256', rsa.publicKey],
    ['a key after its public half', pem(rsa.privateKey, 'pkcs8'), 'not needed', 'RS256', rsa.publicKey],
    ['JWK of RSA', JSON.stringify(rsa.privateKey.export({ format: 'jwk' })), '', 'RS256', rsa.publicKey],
    ['JWK of P-256', JSON.stringify(ec.privateKey.export({ format: 'jwk' })), '', 'ES256', ec.publicKey],
    [
      'JWK of Ed25519',
      JSON.stringify(ed25519.privateKey.export({ format: 'jwk' })),
      '',
      'EdDSA',
      ed25519.publicKey,
    ],
  ])('signs with %s', async (_, text, opens, algorithm, publicKey) => {
    expect(await signs(resolved(text, { passphrase: opens, algorithm }), publicKey)).toBe('app');
  });

  it.each<[string, SigningAlgorithm]>([
    ['rsa', 'RS256'],
    ['ec', 'ES256'],
    ['legacy', 'ES256'],
  ])('signs with %s.p12, and knows its certificate', async (name, algorithm) => {
    const base64 = (await p12(name)).replace(/(.{64})/g, '$1\n');
    const { key, thumbprints } = await read(resolved(base64, { passphrase, algorithm }));
    const asn1 = forge.asn1.fromDer(forge.util.decode64(base64));
    const file = forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase);
    const [bag] = file.getBags({ bagType: forge.pki.oids.certBag ?? '' })[forge.pki.oids.certBag ?? ''] ?? [];
    const written = bag?.cert ? forge.pki.certificateToAsn1(bag.cert) : bag?.asn1;
    if (written === undefined) throw new Error('no certificate');
    const certificate = new X509Certificate(Buffer.from(forge.asn1.toDer(written).getBytes(), 'binary'));
    const jwt = await new SignJWT({}).setProtectedHeader({ alg: algorithm }).sign(key);
    await jwtVerify(jwt, certificate.publicKey);
    expect(Buffer.from(thumbprints?.['x5t#S256'] ?? '', 'base64url').toString('hex')).toBe(
      certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    );
    expect(Buffer.from(thumbprints?.x5t ?? '', 'base64url').toString('hex')).toBe(
      certificate.fingerprint.replaceAll(':', '').toLowerCase(),
    );
  });

  it('knows a certificate that stands beside its key, and no other', async () => {
    const [own, other] = [
      selfSigned(rsa.privateKey),
      selfSigned(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ];
    const key = pem(rsa.privateKey, 'pkcs8');
    const known = await read(resolved(`${other}\n${own}\n${key}`));
    expect(known.thumbprints?.['x5t#S256']).toBe(
      Buffer.from(new X509Certificate(own).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    );
    expect((await read(resolved(`${other}\n${key}`))).thumbprints).toBeNull();
    const damaged = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----';
    expect((await read(resolved(`${damaged}\n${key}`))).thumbprints).toBeNull();
  });

  it('takes the key id of a JWK, of the profile before it, and chooses with that within a set', async () => {
    const jwk = (pair: typeof rsa, kid: string) => ({ ...pair.privateKey.export({ format: 'jwk' }), kid });
    const one = JSON.stringify(jwk(rsa, 'first'));
    const set = JSON.stringify({ keys: [jwk(rsa, 'first'), jwk(ec, 'second')] });
    expect((await read(resolved(one))).keyId).toBe('first');
    expect((await read(resolved(one, { keyId: 'mine' }))).keyId).toBe('mine');
    expect((await read(resolved(set, { keyId: 'second', algorithm: 'ES256' }))).keyId).toBe('second');
    expect((await failureOf(() => read(resolved(set)))).message).toContain('a set of 2 keys');
    expect((await read(resolved(pem(rsa.privateKey, 'pkcs8')))).keyId).toBeNull();
  });

  it('takes the file of a Google service account', async () => {
    const account = {
      type: 'service_account',
      private_key_id: 'g1',
      private_key: pem(rsa.privateKey, 'pkcs8'),
    };
    const key = resolved(JSON.stringify(account));
    expect(await signs(key, rsa.publicKey)).toBe('app');
    expect((await read(key)).keyId).toBe('g1');
  });
});
