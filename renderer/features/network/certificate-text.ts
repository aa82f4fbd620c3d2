import { bytesOf, pkcs12 } from '../../../shared/der.ts';

/** What is wrong with a text as a client certificate, in words that never repeat it; undefined: nothing that shows. */
export function certificateProblem(text: string): string | undefined {
  if (text.includes('-----BEGIN CERTIFICATE-----') && text.includes('-----END CERTIFICATE-----'))
    return undefined;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    return 'This is the key alone. Paste the certificate here; the key has a field of its own.';
  }
  const bytes = text.includes('-----') ? null : bytesOf(text);
  if (bytes !== null && pkcs12(bytes)) return undefined;
  return 'This is no certificate: choose a .p12 or .pfx file, or paste PEM (-----BEGIN CERTIFICATE-----).';
}

/** What is wrong with a text as a private key in PEM; undefined: nothing that shows. */
export function keyTextProblem(text: string): string | undefined {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+-----END/.test(text)
    ? undefined
    : 'Paste the private key in PEM, from -----BEGIN to the last -----.';
}
