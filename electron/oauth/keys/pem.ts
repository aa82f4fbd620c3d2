import { createPrivateKey } from 'node:crypto';
import { KeyProblem, passphraseMissing, passphraseWrong } from './key-problem.ts';
import type { StoredKey } from './stored-key.ts';

const privateBlock = /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----([\s\S]+?)-----END \1-----/;

const inPem = 'Store the private key in PEM, from its BEGIN line to its END line.';

/** Line ends get lost where a key goes through a single-line field, or through JSON. */
function withLines(text: string): string {
  const lines = text.replaceAll('\\n', '\n').replaceAll('\\r', '');
  return lines.replace(privateBlock, (block, label: string, body: string) =>
    body.includes(':') || body.trim().includes('\n')
      ? block
      : `-----BEGIN ${label}-----\n${body.trim().replace(/\s+/g, '\n')}\n-----END ${label}-----`,
  );
}

function noPrivateKey(text: string): KeyProblem {
  const held = /-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(text)
    ? 'is a public key'
    : text.includes('-----BEGIN CERTIFICATE-----')
      ? 'is a certificate without its private key'
      : 'is PEM without a whole private key';
  return new KeyProblem('key_invalid', held, inPem);
}

/** The certificates that a text has in PEM (RFC 7468 section 5), each from its BEGIN line to its END line. */
export function certificateBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** Whether a PEM text is meant, whole or not. */
export function looksLikePem(text: string): boolean {
  return text.includes('-----BEGIN');
}

/**
 * Reads a private key in PEM: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017) or SEC 1 (RFC 5915), encrypted or not, and the
 * certificates beside it. Throws `KeyProblem`.
 */
export function readPem(text: string, passphrase: string): StoredKey {
  const pem = withLines(text);
  const [block, label] = privateBlock.exec(pem) ?? [];
  if (block === undefined) throw noPrivateKey(pem);
  if (label === 'OPENSSH PRIVATE KEY') {
    throw new KeyProblem(
      'key_invalid',
      'is in the format of OpenSSH',
      'Convert a copy of it, then store that: ssh-keygen -p -m PKCS8 -f <copy>.',
    );
  }
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(block);
  if (encrypted && passphrase === '') throw passphraseMissing();
  const certificates = certificateBlocks(pem).map((certificate) =>
    Buffer.from(certificate.replace(/-----[^-]+-----/g, ''), 'base64'),
  );
  try {
    const key = createPrivateKey({ key: block, format: 'pem', ...(encrypted ? { passphrase } : {}) });
    return { key, keyId: null, certificates };
  } catch {
    if (encrypted) throw passphraseWrong();
    throw new KeyProblem('key_invalid', 'is damaged: it cannot be read', inPem);
  }
}
