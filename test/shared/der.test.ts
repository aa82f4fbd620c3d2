import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateFileText, keyFileText, pkcs12 } from '../../shared/der.ts';
import { pem, tlsFile } from '../fixtures/tls-server.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const exported = (type: 'pkcs8' | 'sec1') => ({
  der: privateKey.export({ format: 'der', type }),
  text: String(privateKey.export({ format: 'pem', type })),
});

describe.each([
  ['a key', keyFileText],
  ['a certificate', certificateFileText],
] as const)('a file that is chosen as %s', (_title, read) => {
  it('is read as it is when it is PEM', () => {
    expect(read(tlsFile('client-key.pem'))).toBe(pem('client-key'));
    expect(read(tlsFile('ca.pem'))).toBe(pem('ca'));
  });

  it('is PEM when it is a private key in DER', () => {
    for (const type of ['pkcs8', 'sec1'] as const) {
      const { der, text } = exported(type);
      expect(read(der)).toBe(text);
      expect(createPrivateKey(read(der)).equals(privateKey)).toBe(true);
    }
    const rsa = createPrivateKey(pem('client-key'));
    const pkcs1 = rsa.export({ format: 'der', type: 'pkcs1' });
    expect(createPrivateKey(read(pkcs1)).equals(rsa)).toBe(true);
  });

  it('is base64 when it is PKCS#12, also without lengths, as some makers write it', () => {
    for (const name of ['client.p12', 'client-old.p12']) {
      const der = tlsFile(name);
      expect(read(der)).toBe(der.toString('base64'));
      // The long form of a length below 65,536 takes three bytes.
      expect(der.subarray(0, 2)).toEqual(Buffer.from([0x30, 0x82]));
      const ber = Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.from([0, 0])]);
      expect(pkcs12(ber)).toBe(true);
      expect(read(ber)).toBe(ber.toString('base64'));
    }
  });
});

it('a certificate in DER is PEM, and no key is taken for one', () => {
  const der = new X509Certificate(pem('ca')).raw;
  expect(certificateFileText(der)).toBe(pem('ca'));
  const encrypted = privateKey.export({
    ...{ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' },
  });
  expect(certificateFileText(encrypted)).not.toContain('CERTIFICATE');
});
