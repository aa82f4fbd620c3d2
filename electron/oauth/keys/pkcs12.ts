import { createPrivateKey } from 'node:crypto';
import forge from 'node-forge';
import { KeyProblem, passphraseMissing, passphraseWrong } from './key-problem.ts';
import type { StoredKey } from './stored-key.ts';

const wanted = 'Store a .p12 or .pfx file that holds a private key, in base64: base64 -w0 client.p12.';

function bytesOf(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  // A SEQUENCE of DER, which every form of a key begins with.
  if (bytes[0] === 0x30 && /^[\w+/=\s-]+$/.test(base64)) return bytes.toString('binary');
  throw new KeyProblem(
    'key_invalid',
    'is not a private key',
    'Store it in PEM, as a JSON Web Key, or as PKCS#12 in base64.',
  );
}

function opened(bytes: string, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes), false, passphrase);
  } catch (cause) {
    if (cause instanceof Error && /password/i.test(cause.message)) {
      throw passphrase === '' ? passphraseMissing() : passphraseWrong();
    }
    throw new KeyProblem('key_invalid', 'is base64, and not PKCS#12 that can be read', wanted);
  }
}

function bags(file: forge.pkcs12.Pkcs12Pfx, type: string | undefined): forge.pkcs12.Bag[] {
  return type === undefined ? [] : (file.getBags({ bagType: type })[type] ?? []);
}

function der(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

/** The library understands RSA alone; other keys and certificates it leaves as they were written. */
function pkcs8({ key, asn1 }: forge.pkcs12.Bag): Buffer {
  return der(key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1);
}

function certificate({ cert, asn1 }: forge.pkcs12.Bag): Buffer {
  return der(cert ? forge.pki.certificateToAsn1(cert) : asn1);
}

/** Reads the private key, and the certificates, of PKCS#12 in base64 (RFC 7292 section 4). Throws `KeyProblem`. */
export function readPkcs12(base64: string, passphrase: string): StoredKey {
  const file = opened(bytesOf(base64), passphrase);
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const bag = [...bags(file, pkcs8ShroudedKeyBag), ...bags(file, keyBag)][0];
  if (bag === undefined) {
    throw new KeyProblem('key_invalid', 'is PKCS#12 with certificates alone, without a private key', wanted);
  }
  try {
    const key = createPrivateKey({ key: pkcs8(bag), format: 'der', type: 'pkcs8' });
    return { key, keyId: null, certificates: bags(file, certBag).map(certificate) };
  } catch {
    throw new KeyProblem('key_invalid', 'is PKCS#12 whose private key cannot be read', wanted);
  }
}
