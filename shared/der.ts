/** What made a key: RSA, or a curve by its JWK name (RFC 7518 section 6.2.1.1, RFC 8037 section 2). */
export type KeyMaker = 'RSA' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519';

/** One element of DER (X.690): its tag, and where its content begins and ends. */
interface Element {
  tag: number;
  from: number;
  to: number;
}

const sequence = 0x30;
const integer = 0x02;
const bitString = 0x03;
const objectId = 0x06;

/** Object identifiers as DER has them, in hex. */
const makers: Readonly<Record<string, KeyMaker>> = {
  '2a864886f70d010101': 'RSA',
  // RSASSA-PSS (RFC 4055 section 3.1).
  '2a864886f70d01010a': 'RSA',
  '2a8648ce3d030107': 'P-256',
  '2b81040022': 'P-384',
  '2b81040023': 'P-521',
  '2b6570': 'Ed25519',
};

function element(bytes: Uint8Array, at: number): Element | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return null;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4) return null;
  let length = count === 0 ? first : 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  const from = at + 2 + count;
  const to = from + length;
  return to <= bytes.length ? { tag, from, to } : null;
}

/** The elements inside one. */
function inside(bytes: Uint8Array, { from, to }: Pick<Element, 'from' | 'to'>): Element[] {
  const found: Element[] = [];
  for (let at = from; at < to; ) {
    const next = element(bytes, at);
    if (next === null || next.to > to) return found;
    found.push(next);
    at = next.to;
  }
  return found;
}

function whole(bytes: Uint8Array): Element[] {
  const outer = element(bytes, 0);
  return outer?.tag === sequence ? inside(bytes, outer) : [];
}

function hex(bytes: Uint8Array, { from, to }: Element): string {
  return Array.from(bytes.subarray(from, to), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first object identifier within that names a kind of key. */
function makerWithin(bytes: Uint8Array, part: Element | undefined): KeyMaker | null {
  if (part === undefined) return null;
  for (const child of inside(bytes, part)) {
    const maker = child.tag === objectId ? makers[hex(bytes, child)] : undefined;
    if (maker !== undefined) return maker;
  }
  return null;
}

/** What made an unencrypted private key: PKCS#8 (RFC 5208 section 5), PKCS#1, or SEC 1 (RFC 5915 section 3); null: none. */
export function makerOfPrivateKey(label: string, bytes: Uint8Array): KeyMaker | null {
  const parts = whole(bytes);
  if (parts[0]?.tag !== integer) return null;
  if (label === 'RSA PRIVATE KEY') return parts.length >= 9 ? 'RSA' : null;
  if (label === 'EC PRIVATE KEY')
    return makerWithin(
      bytes,
      parts.find(({ tag }) => tag === 0xa0),
    );
  return parts[1]?.tag === sequence ? makerWithin(bytes, parts[1]) : null;
}

/** Whether it begins as PKCS#12 does (RFC 7292 section 4): version 3, then data. Some makers write it in BER, without lengths. */
export function pkcs12(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  const from = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return tag === sequence && [integer, 1, 3, sequence].every((byte, index) => bytes[from + index] === byte);
}

/** Whether it has the shape of an X.509 certificate (RFC 5280 section 4.1): what is signed, how, and the signature. */
function certificate(bytes: Uint8Array): boolean {
  const tags = whole(bytes).map(({ tag }) => tag);
  return tags.join() === [sequence, sequence, bitString].join();
}

/** Bytes as base64, in one line. */
function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Base64, blanks and all, as bytes; null: it is none. */
export function bytesOf(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text.replace(/\s+/g, '')), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** PEM in lines of 64 letters (RFC 7468 section 2). */
function pem(label: string, bytes: Uint8Array): string {
  const lines = base64(bytes).replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** The text of a private key's file: PEM and JWK as they are, PKCS#12 in base64, DER as PEM. */
export function keyFileText(bytes: Uint8Array): string {
  if (pkcs12(bytes)) return base64(bytes);
  const labels = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'];
  const label = labels.find((name) => makerOfPrivateKey(name, bytes) !== null);
  return label === undefined ? new TextDecoder().decode(bytes) : pem(label, bytes);
}

/** The text of a certificate's file: PEM as it is, PKCS#12 in base64, DER as PEM. A key's file is read as what it is. */
export function certificateFileText(bytes: Uint8Array): string {
  return certificate(bytes) ? pem('CERTIFICATE', bytes) : keyFileText(bytes);
}
