import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';
import { failureOf } from '../../../fixtures/oauth-profile.ts';
import { ec, ed25519, p12, passphrase, pem, read, resolved, rsa } from './stored-keys.ts';

describe('privateKey', () => {
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
