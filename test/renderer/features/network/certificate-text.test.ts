import { expect, it } from 'vitest';
import {
  certificateProblem,
  keyTextProblem,
} from '../../../../renderer/features/network/certificate-text.ts';
import { certificateFileText } from '../../../../shared/der.ts';
import { pem, tlsFile } from '../../../fixtures/tls-server.ts';

it('takes certificates in PEM and PKCS#12 of any age', () => {
  for (const text of [
    pem('client'),
    ...['client.p12', 'client-old.p12'].map((name) => certificateFileText(tlsFile(name))),
  ])
    expect(certificateProblem(text)).toBeUndefined();
});

it.each([pem('client-key'), 'rubbish', '-----BEGIN CERTIFICATE-----', btoa('0123'), ''])(
  'refuses what is none',
  (text) => {
    expect(certificateProblem(text)).toMatch(/key alone|no certificate/);
  },
);

it('tells a key from what is none', () => {
  expect(keyTextProblem(pem('client-key'))).toBeUndefined();
  expect(keyTextProblem(pem('client'))).toContain('private key');
});
