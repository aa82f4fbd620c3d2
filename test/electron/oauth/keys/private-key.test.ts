import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { jwtVerify, SignJWT } from 'jose';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { privateKey } from '../../../../electron/oauth/keys/private-key.ts';
import type { ResolvedKey } from '../../../../electron/oauth/resolved-profile.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testProfile } from '../../../fixtures/oauth-profile.ts';

const passphrase = 'open sesame';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ec521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed25519 = generateKeyPairSync('ed25519');

function pem(key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1', locked = false): string {
  const cipher = locked ? { cipher: 'aes-256-cbc', passphrase } : {};
  return key.export({ type, format: 'pem', ...cipher }).toString();
}

function resolved(
  key: string,
  changes: Partial<Omit<ResolvedKey, 'key' | 'passphrase'>> & { passphrase?: string } = {},
) {
  const { passphrase: opens = '', ...rest } = changes;
  const settings = { algorithm: 'RS256', keyId: '', ...rest } as const;
  return { key: new Secret(key), passphrase: new Secret(opens), ...settings };
}

async function p12(name: string): Promise<string> {
  return (await readFile(new URL(`../../../fixtures/keys/${name}.p12`, import.meta.url))).toString('base64');
}

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

const read = (key: ResolvedKey) => privateKey(testProfile(), 'client.key', key);

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

  it.each<[string, string, string, SigningAlgorithm, string, string]>([
    ['nothing', '  ', '', 'RS256', 'key_invalid', 'is not there'],
    ['words', 'my key', '', 'RS256', 'key_invalid', 'is not a private key'],
    [
      'base64 of something',
      Buffer.from('hello').toString('base64'),
      '',
      'RS256',
      'key_invalid',
      'not a private key',
    ],
    [
      'DER of something',
      Buffer.from([0x30, 3, 2, 1, 5]).toString('base64'),
      '',
      'RS256',
      'key_invalid',
      'PKCS#12',
    ],
    ['broken JSON', '{"kty"', '', 'RS256', 'key_invalid', 'not valid JSON'],
    ['other JSON', '{"a":1}', '', 'RS256', 'key_invalid', 'no JSON Web Key'],
    ['a symmetric JWK', '{"kty":"oct","k":"AA"}', '', 'RS256', 'key_invalid', 'symmetric'],
    [
      'a public JWK',
      JSON.stringify(rsa.publicKey.export({ format: 'jwk' })),
      '',
      'RS256',
      'key_invalid',
      'is a public key',
    ],
    [
      'a JWK without its modulus',
      '{"kty":"RSA","d":"AA"}',
      '',
      'RS256',
      'key_invalid',
      'a member is missing',
    ],
    [
      'a public key in PEM',
      rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      '',
      'RS256',
      'key_invalid',
      'is a public key',
    ],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----',
      '',
      'RS256',
      'key_invalid',
      'is a certificate',
    ],
    ['half a key', pem(rsa.privateKey, 'pkcs8').slice(0, 400), '', 'RS256', 'key_invalid', 'without a whole'],
    [
      'a damaged key',
      pem(rsa.privateKey, 'pkcs8').replace(/\n.{64}\n/, '\n'),
      '',
      'RS256',
      'key_invalid',
      'is damaged',
    ],
    [
      'the form of OpenSSH',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAA\n-----END OPENSSH PRIVATE KEY-----',
      '',
      'RS256',
      'key_invalid',
      'OpenSSH',
    ],
    [
      'locked PKCS#8',
      pem(rsa.privateKey, 'pkcs8', true),
      '',
      'RS256',
      'key_passphrase_missing',
      'no passphrase',
    ],
    [
      'locked PKCS#1',
      pem(rsa.privateKey, 'pkcs1', true),
      '',
      'RS256',
      'key_passphrase_missing',
      'no passphrase',
    ],
    [
      'PKCS#8 locked otherwise',
      pem(rsa.privateKey, 'pkcs8', true),
      'x',
      'RS256',
      'key_passphrase_wrong',
      'not open',
    ],
    [
      'PKCS#1 locked otherwise',
      pem(rsa.privateKey, 'pkcs1', true),
      'x',
      'RS256',
      'key_passphrase_wrong',
      'not open',
    ],
    [
      'an RSA key for ECDSA',
      pem(rsa.privateKey, 'pkcs8'),
      '',
      'ES256',
      'key_algorithm_mismatch',
      'is an RSA key',
    ],
    [
      'P-256 for P-384',
      pem(ec.privateKey, 'pkcs8'),
      '',
      'ES384',
      'key_algorithm_mismatch',
      'curve prime256v1',
    ],
    [
      'Ed25519 for RSA',
      pem(ed25519.privateKey, 'pkcs8'),
      '',
      'RS256',
      'key_algorithm_mismatch',
      'Ed25519 key',
    ],
    [
      'a curve of no algorithm',
      pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'pkcs8'),
      '',
      'ES256',
      'key_algorithm_mismatch',
      'secp256k1',
    ],
    [
      'a short RSA key',
      pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'pkcs8'),
      '',
      'RS256',
      'key_invalid',
      '1024 bits',
    ],
  ])('refuses %s', async (_, text, opens, algorithm, code, words) => {
    const error = await failureOf(() => read(resolved(text, { passphrase: opens, algorithm })));
    expect([error.code, error.details]).toEqual([code, { profile: 'orders-api', field: 'client.key' }]);
    expect(error.message).toMatch(/^The client key of the profile "Orders API" .+\.$/);
    expect(error.message).toContain(words);
    expect(error.action).toMatch(/.+\./);
    if (text.length > 200) expect(JSON.stringify(error.toWire())).not.toContain(text.slice(100, 120));
  });

  it('asks for the passphrase of PKCS#12, and says when it is another, or when no key is in it', async () => {
    const file = await p12('rsa');
    const failures = [
      resolved(file),
      resolved(file, { passphrase: 'x' }),
      resolved(await p12('certificates'), { passphrase }),
    ];
    const codes = await Promise.all(failures.map(async (key) => (await failureOf(() => read(key))).code));
    expect(codes).toEqual(['key_passphrase_missing', 'key_passphrase_wrong', 'key_invalid']);
  });

  it('never fails but with its own words, whatever is stored', async () => {
    const real = [
      pem(rsa.privateKey, 'pkcs8', true),
      JSON.stringify(ec.privateKey.export({ format: 'jwk' })),
      await p12('ec'),
    ];
    const damaged = fc
      .tuple(fc.constantFrom(...real), fc.nat(), fc.string({ maxLength: 8 }))
      .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 3));
    const text = fc.oneof(fc.string(), fc.json(), fc.base64String(), damaged);
    await fc.assert(
      fc.asyncProperty(text, fc.string({ maxLength: 3 }), async (stored, opens) => {
        try {
          await read(resolved(stored, { passphrase: opens, algorithm: 'ES256' }));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);
});
