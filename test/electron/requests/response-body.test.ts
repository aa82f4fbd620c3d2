import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompress, readableBody } from '../../../electron/requests/response-body.ts';

const whole = (bytes: Buffer) => ({ bytes, truncated: false });
const encoded = (value: string) => [{ name: 'Content-Encoding', value }];
const typed = (value: string) => [{ name: 'Content-Type', value }];
const text = Buffer.from('hello '.repeat(100));

describe('decompress', () => {
  it.each<[string, Buffer]>([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', text],
    ['', text],
  ])('undoes %s', async (encoding, bytes) => {
    expect((await decompress(whole(bytes), encoded(encoding), 10_000)).bytes).toEqual(text);
  });

  it('stops a bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { bytes, truncated } = await decompress(whole(bomb), encoded('gzip'), 1_000);
    expect([bytes.length, truncated]).toEqual([1_000, true]);
  });

  it('stops a bomb within a bomb at the limit', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
    const { bytes, truncated } = await decompress(whole(bomb), encoded('gzip, gzip'), 1_000_000);
    expect([bytes.length, truncated]).toEqual([1_000_000, true]);
  });

  it('gives what there is of a body that was cut at the limit', async () => {
    for (const [encoding, bytes] of [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
    ] as const) {
      const cut = { bytes: bytes.subarray(0, bytes.length - 3), truncated: true };
      const result = await decompress(cut, encoded(encoding), 10_000);
      expect(result.truncated).toBe(true);
      expect(text.subarray(0, result.bytes.length)).toEqual(result.bytes);
    }
  });

  it.each(['gzip', 'br', 'deflate', 'zstd', 'gzip,'.repeat(50)])(
    'gives a body as it came when it is not really %s',
    async (encoding) => {
      expect((await decompress(whole(text), encoded(encoding), 10_000)).bytes).toEqual(text);
    },
  );
});

describe('readableBody', () => {
  it.each([
    ['application/json', Buffer.from('{"ü":1}'), '{"ü":1}'],
    ['text/plain; charset=ISO-8859-1', Buffer.from([0xe9]), 'é'],
    ['text/plain; charset="utf-16le"', Buffer.from('é', 'utf16le'), 'é'],
    ['text/html; charset=nonsense', Buffer.from('ü'), 'ü'],
    ['application/problem+json', Buffer.from('{}'), '{}'],
    ['image/svg+xml', Buffer.from('<svg/>'), '<svg/>'],
    ['', Buffer.from('{"no":"type"}'), '{"no":"type"}'],
    ['application/jwt', Buffer.from('ey.ey.x'), 'ey.ey.x'],
    ['text/plain', Buffer.from([0x61, 0xff]), 'a\ufffd'],
  ])('shows %s as text', (contentType, bytes, expected) => {
    const body = readableBody(whole(bytes), typed(contentType));
    expect(body).toEqual({ kind: 'text', text: expected, truncated: false });
  });

  it.each([
    ['image/png', Buffer.from('looks like text')],
    ['application/octet-stream', Buffer.from('x')],
    ['', Buffer.from([0xff, 0xfe, 0xfd])],
    ['application/custom', Buffer.from('a\0b')],
  ])('keeps %s binary', (contentType, bytes) => {
    const body = readableBody(whole(bytes), typed(contentType));
    expect(body).toEqual({ kind: 'binary', base64: bytes.toString('base64'), truncated: false });
  });

  it('knows an empty body', () => {
    expect(readableBody(whole(Buffer.alloc(0)), typed('application/json'))).toEqual({ kind: 'empty' });
  });

  it('leaves out a character that the limit cut in two', () => {
    for (const type of ['text/plain', '']) {
      const bytes = Buffer.from('aü').subarray(0, 2);
      expect(readableBody({ bytes, truncated: true }, typed(type))).toEqual({
        kind: 'text',
        text: 'a',
        truncated: true,
      });
    }
  });
});
