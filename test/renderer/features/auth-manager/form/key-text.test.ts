import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import {
  algorithmProblem,
  fitting,
  noKey,
} from '../../../../../renderer/features/auth-manager/form/key-form.ts';
import { keyProblem, readKey } from '../../../../../renderer/features/auth-manager/form/key-text.ts';
import { keyFileText } from '../../../../../shared/der.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pair = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: generateKeyPairSync('ed25519'),
};

const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' | 'spki' = 'pkcs8') =>
  String(key.export({ format: 'pem', type: type as 'pkcs8' }));

function pkcs12(): Uint8Array {
  const keys = forge.pki.rsa.generateKeyPair(1024);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.sign(keys.privateKey);
  const asn1 = forge.pkcs12.toPkcs12Asn1(keys.privateKey, [certificate], 'pass');
  return Uint8Array.from(Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary'));
}

describe('a private key', () => {
  it.each([
    ['PKCS#8, RSA', pem(rsa.privateKey), 'RSA'],
    ['PKCS#1', pem(rsa.privateKey, 'pkcs1'), 'RSA'],
    ['SEC 1', pem(pair['P-256'].privateKey, 'sec1'), 'P-256'],
    ...Object.entries(pair).map(([maker, { privateKey }]) => [`PKCS#8, ${maker}`, pem(privateKey), maker]),
    [
      'behind its certificate',
      `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${pem(rsa.privateKey)}`,
      'RSA',
    ],
  ])('is known by its PEM: %s', (_title, text = '', maker) => {
    expect(readKey(text)).toEqual({ kind: 'key', facts: { format: 'PEM', maker } });
  });

  it('is known as encrypted, and then by nothing else', () => {
    const secret = { cipher: 'aes-256-cbc', passphrase: 'x' };
    const texts = [
      rsa.privateKey.export({ format: 'pem', type: 'pkcs8', ...secret }),
      rsa.privateKey.export({ format: 'pem', type: 'pkcs1', ...secret }),
    ];
    for (const text of texts) {
      expect(readKey(String(text))).toMatchObject({ kind: 'key', facts: { maker: null } });
    }
  });

  it('is known by its JWK, with what that says of its use', () => {
    const jwk = { ...pair['P-384'].privateKey.export({ format: 'jwk' }), alg: 'ES384' };
    expect(readKey(JSON.stringify(jwk))).toEqual({
      kind: 'key',
      facts: { format: 'JWK', maker: 'P-384', algorithm: 'ES384' },
    });
  });

  it('comes from a PKCS#12 file', () => {
    expect(readKey(keyFileText(pkcs12()))).toMatchObject({ facts: { format: 'PKCS#12', maker: null } });
  });

  it.each([
    ['hunter2', 'no private key'],
    [pem(rsa.publicKey, 'spki'), 'a public key'],
    [pem(rsa.privateKey).slice(0, 300), 'cut off'],
    ['-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----', 'damaged'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----', 'ssh-keygen'],
    ['ssh-rsa AAAA kim@host', 'public SSH key'],
    ['{"kty":', 'not whole JSON'],
    ['{"keys":[]}', 'one of them'],
    ['{"kty":"oct","k":"x"}', 'client_secret_jwt'],
    ['{"kty":"EC","crv":"secp256k1","d":"x"}', 'a curve that JWS knows'],
    [JSON.stringify(rsa.publicKey.export({ format: 'jwk' })), 'has a "d"'],
  ])('is not %s: %s', (text, words) => {
    expect(keyProblem(text)).toContain(words);
  });

  it('is never repeated in what is wrong with it, and no text or file is too strange to be read', () => {
    const marker = 'MARKERMARKER';
    const texts = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.json(),
      fc.base64String(),
      fc.base64String().map((body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`),
    );
    fc.assert(
      fc.property(texts, fc.uint8Array({ maxLength: 200 }), (text, bytes) => {
        expect(keyProblem(text + marker) ?? '').not.toContain(marker);
        expect(readKey(text).kind).toMatch(/key|problem/);
        expect(readKey(keyFileText(bytes)).kind).toMatch(/key|problem/);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the algorithm of a key', () => {
  const facts = (maker: 'RSA' | 'P-256' | null, algorithm?: string) => ({
    format: 'PEM' as const,
    maker,
    ...(algorithm === undefined ? {} : { algorithm }),
  });

  it('becomes one that fits: the one chosen, the JWK’s own, or the first', () => {
    expect(fitting(noKey, facts('P-256')).algorithm).toBe('ES256');
    expect(fitting({ ...noKey, algorithm: 'PS384' }, facts('RSA')).algorithm).toBe('PS384');
    expect(fitting(noKey, facts('RSA', 'PS256')).algorithm).toBe('PS256');
    expect(fitting(noKey, facts('RSA', 'ES256')).algorithm).toBe('RS256');
    expect(fitting(noKey, facts(null)).algorithm).toBe('RS256');
  });

  it('is named with what fits when it does not', () => {
    expect(algorithmProblem('RS256', facts('P-256'))).toBe('This is a key on P-256: choose ES256.');
    expect(algorithmProblem('ES256', facts('RSA'))).toContain('an RSA key: choose one of RS256');
    expect(algorithmProblem('ES256', facts('P-256'))).toBeUndefined();
    expect(algorithmProblem('ES256', facts(null))).toBeUndefined();
  });
});
