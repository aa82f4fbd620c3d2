/** Bytes as base64, in lines of 64 letters. */
function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Where the content of a DER SEQUENCE begins; null: it is none. */
function contentAt(bytes: Uint8Array): number | null {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30) return null;
  return length < 0x80 ? 2 : 2 + (length & 0x7f);
}

/** PKCS#12 begins with its version, the number 3 (RFC 7292 section 4); a certificate with another SEQUENCE. */
function derKind(bytes: Uint8Array): 'pkcs12' | 'certificate' | null {
  const at = contentAt(bytes);
  if (at === null) return null;
  if (bytes[at] === 2 && bytes[at + 1] === 1 && bytes[at + 2] === 3) return 'pkcs12';
  return bytes[at] === 0x30 ? 'certificate' : null;
}

/** The text of a certificate's file: PEM as it is, DER as PEM, PKCS#12 in base64. */
export function certificateFileText(bytes: Uint8Array): string {
  const kind = derKind(bytes);
  if (kind === 'pkcs12') return base64(bytes);
  if (kind === null) return new TextDecoder().decode(bytes);
  const lines = base64(bytes).replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function bytesOf(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text.replace(/\s+/g, '')), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** What is wrong with a text as a client certificate, in words that never repeat it; undefined: nothing that shows. */
export function certificateProblem(text: string): string | undefined {
  if (text.includes('-----BEGIN CERTIFICATE-----') && text.includes('-----END CERTIFICATE-----'))
    return undefined;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    return 'This is the key alone. Paste the certificate here; the key has a field of its own.';
  }
  const bytes = text.includes('-----') ? null : bytesOf(text);
  if (bytes !== null && derKind(bytes) === 'pkcs12') return undefined;
  return 'This is no certificate: choose a .p12 or .pfx file, or paste PEM (-----BEGIN CERTIFICATE-----).';
}

/** What is wrong with a text as a private key in PEM; undefined: nothing that shows. */
export function keyTextProblem(text: string): string | undefined {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+-----END/.test(text)
    ? undefined
    : 'Paste the private key in PEM, from -----BEGIN to the last -----.';
}
