import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { ApiResponse, Header } from '../../shared/model/request.ts';

/** The bytes of a body up to a limit. */
export interface LimitedBytes {
  bytes: Buffer;
  /** Whether there was more. */
  truncated: boolean;
}

/** Reads a stream up to a limit and stops it there, so that no server can fill the memory. */
export async function readLimited(
  stream: AsyncIterable<unknown>,
  maximumBytes: number,
): Promise<LimitedBytes> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk.subarray(0, maximumBytes - size));
    size += chunk.length;
    if (size > maximumBytes) break;
  }
  return { bytes: Buffer.concat(chunks), truncated: size > maximumBytes };
}

/** Undoes Content-Encoding, up to the limit. A body that is not encoded as it claims is given as it came. */
export async function decompress(
  body: LimitedBytes,
  headers: readonly Header[],
  maximumBytes: number,
): Promise<LimitedBytes> {
  const encodings = valuesOf(headers, 'content-encoding')
    .flatMap((value) => value.toLowerCase().split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '' && value !== 'identity');
  // More than one or two encodings are an attack or a mistake: each one multiplies the work.
  if (body.bytes.length === 0 || encodings.length > 5) return body;
  let current = body;
  for (const encoding of encodings.reverse()) {
    const decoder = decoderOf(encoding, current.bytes);
    if (decoder === undefined) return body;
    decoder.end(current.bytes);
    try {
      const decoded = await readLimited(decoder, maximumBytes);
      current = { bytes: decoded.bytes, truncated: decoded.truncated || current.truncated };
    } catch {
      // The server's claim is wrong: what it sent is worth more to a tester than an error about it.
      return body;
    }
  }
  return current;
}

/** Decoders that give what they have when the input ends early, since it may have been cut at the limit. */
function decoderOf(encoding: string, bytes: Buffer) {
  const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(lenient);
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case 'deflate':
      // Meant to be zlib's format (RFC 9110 section 8.4.1.2); many servers send the bare one.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient);
    default:
      return undefined;
  }
}

/** The values of a header, in order. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.value);
}

const textual = /^(?:text\/.*|.*\+(?:json|xml)|application\/(?:json|xml|javascript|x-www-form-urlencoded))$/;
const binary = /^(?:image\/|audio\/|video\/|font\/|application\/(?:octet-stream|pdf|zip|gzip))/;

/** Makes a body what the person sees: text by its content type's charset (UTF-8 by default), else binary. */
export function readableBody(
  { bytes, truncated }: LimitedBytes,
  headers: readonly Header[],
): ApiResponse['body'] {
  if (bytes.length === 0) return { kind: 'empty' };
  const contentType = valuesOf(headers, 'content-type')[0] ?? '';
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  const certain = textual.test(type);
  const text =
    certain || !binary.test(type)
      ? decode(bytes, certain ? charset : 'utf-8', truncated, !certain)
      : undefined;
  if (text === undefined || (!certain && text.includes('\0'))) {
    return { kind: 'binary', base64: bytes.toString('base64'), truncated };
  }
  return { kind: 'text', text, truncated };
}

/** Undefined when it must be text in this charset (`fatal`) and is not. */
function decode(bytes: Buffer, charset: string, truncated: boolean, fatal: boolean): string | undefined {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal });
  } catch {
    // A charset that nobody knows: UTF-8 shows at least the ASCII part of it.
    decoder = new TextDecoder('utf-8', { fatal });
  }
  try {
    // A body cut at the limit may end within a character, which `stream` leaves out.
    return decoder.decode(bytes, { stream: truncated });
  } catch {
    return undefined;
  }
}
