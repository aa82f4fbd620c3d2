import { createSign, generateKeyPairSync } from 'node:crypto';
import { EncryptJWT, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inspectTokens } from '../../../electron/oauth/inspection.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, type ProfileOverrides, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let own: KeyPair;
let other: KeyPair;
const jwkOf = async ({ publicKey }: KeyPair, more: JWK = {}) => ({
  ...(await exportJWK(publicKey)),
  ...more,
});

beforeAll(async () => {
  own = await generateKeyPair('ES256');
  other = await generateKeyPair('ES256');
});

let server: WebServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A server with these keys; null: it answers 500. */
async function withKeys(keys: unknown): Promise<string> {
  server = await startWebServer((_request, response) => {
    if (keys === null) response.writeHead(500).end('no');
    else sendJson(response, { keys });
  });
  return `${server.url}/jwks`;
}

const nowMs = Date.UTC(2030, 0, 1);
const nowSeconds = nowMs / 1000;

function signed(pair: KeyPair, claims: Record<string, unknown> = {}, header: { kid?: string } = {}) {
  return new SignJWT({ sub: 'alice', exp: nowSeconds + 60, ...claims })
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(pair.privateKey);
}

async function inspect(accessToken: string, profile: ProfileOverrides = {}, context = testContext()) {
  const held = { accessToken: new Secret(accessToken), refreshToken: null, idToken: null };
  const [inspected] = await inspectTokens(testProfile(profile), held, { context, nowMs });
  if (inspected === undefined) throw new Error('it was not inspected');
  return inspected.content;
}

async function verification(token: string, profile: ProfileOverrides = {}) {
  const content = await inspect(token, profile);
  return content.kind === 'jwt' ? content.verification : content.kind;
}

describe('what is in a token', () => {
  it('decodes header and claims, as they came', async () => {
    const token = await signed(own, { aud: ['orders', 'billing'], admin: true, n: 1.5 }, { kid: 'a' });
    expect(await inspect(token)).toMatchObject({
      kind: 'jwt',
      header: [
        { name: 'alg', value: 'ES256' },
        { name: 'kid', value: 'a' },
      ],
      claims: [
        { name: 'sub', value: 'alice' },
        { name: 'exp', value: String(nowSeconds + 60) },
        { name: 'aud', value: '["orders","billing"]' },
        { name: 'admin', value: 'true' },
        { name: 'n', value: '1.5' },
      ],
    });
  });

  it.each([
    ['an opaque one', '2YotnFZFEjr1zCsicMWpAA'],
    ['one with two dots', 'a.b.c'],
    ['one of other parts', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30`],
    ['one with a header that is a list', `${Buffer.from('[1]').toString('base64url')}.e30.x`],
    ['one whose claims are none', `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.bm8.x`],
  ])('takes %s as opaque, and asks the server nothing', async (_what, token) => {
    const jwksUrl = await withKeys([]);
    expect(await inspect(token, { server: { jwksUrl } })).toEqual({ kind: 'opaque' });
    expect(server?.requests).toEqual([]);
  });

  it('says that an encrypted one can be read by nobody here', async () => {
    const token = await new EncryptJWT({ sub: 'alice' })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32));
    expect(await inspect(token)).toEqual({
      kind: 'encrypted',
      header: [
        { name: 'alg', value: 'dir' },
        { name: 'enc', value: 'A256GCM' },
      ],
    });
  });

  it('shows nothing that could be used as a token, and no secret', async () => {
    const inner = await signed(own);
    const token = await signed(own, { embedded: inner, access_token: 'MARKER-a', note: 'of s3cret-value' });
    const content = await inspect(token, { hidden: [new Secret('s3cret-value')] });
    const text = JSON.stringify(content);
    expect(text).not.toContain('MARKER-a');
    expect(text).not.toContain('s3cret-value');
    expect(text).not.toContain(inner.split('.')[1]);
    expect(text).not.toContain(token.split('.')[2]);
  });

  it('tells of each token that is held', async () => {
    const held = {
      accessToken: new Secret('opaque'),
      refreshToken: new Secret('opaque too'),
      idToken: new Secret(await signed(own)),
    };
    const inspected = await inspectTokens(testProfile(), held, { context: testContext(), nowMs });
    expect(inspected.map(({ token, content }) => [token, content.kind])).toEqual([
      ['access_token', 'opaque'],
      ['id_token', 'jwt'],
      ['refresh_token', 'opaque'],
    ]);
  });
});

describe('its signature', () => {
  it('is checked with the key that it names', async () => {
    const jwksUrl = await withKeys([await jwkOf(other, { kid: 'b' }), await jwkOf(own, { kid: 'a' })]);
    const ofServer = { server: { jwksUrl } };
    expect(await verification(await signed(own, {}, { kid: 'a' }), ofServer)).toEqual({ kind: 'valid' });
    expect(await verification(await signed(own, {}, { kid: 'b' }), ofServer)).toEqual({ kind: 'wrong_key' });
    expect(await verification(await signed(own, {}, { kid: 'c' }), ofServer)).toEqual({
      kind: 'key_unknown',
    });
  });

  it('is checked with each that fits, where it names none', async () => {
    const both = { server: { jwksUrl: await withKeys([await jwkOf(other), await jwkOf(own)]) } };
    expect(await verification(await signed(own), both)).toEqual({ kind: 'valid' });
    const stranger = await generateKeyPair('ES256');
    expect(await verification(await signed(stranger), both)).toEqual({ kind: 'wrong_key' });
  });

  it('is wrong when a claim was changed', async () => {
    const jwksUrl = await withKeys([await jwkOf(own)]);
    const [header, , signature] = (await signed(own)).split('.');
    const forged = Buffer.from('{"sub":"root"}').toString('base64url');
    expect(await verification(`${header}.${forged}.${signature}`, { server: { jwksUrl } })).toEqual({
      kind: 'wrong_key',
    });
  });

  it('is checked with the client’s secret, where it is made with one', async () => {
    const secret = 'a secret that is long enough for it';
    const token = await new SignJWT({ sub: 'a' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
    const client = (value: string) => ({
      client: { kind: 'client_secret_post' as const, id: 'app', secret: new Secret(value) },
    });
    expect(await verification(token, client(secret))).toEqual({ kind: 'valid' });
    expect(await verification(token, client('another secret that is long too'))).toEqual({
      kind: 'wrong_key',
    });
    expect(await verification(token, client(''))).toMatchObject({ kind: 'unchecked' });
    expect(await verification(token)).toMatchObject({ kind: 'unchecked' });
  });

  it.each(['none', 'None'])('is none with the algorithm %s', async (alg) => {
    const token = new UnsecuredJWT({ sub: 'a' }).encode();
    const named = `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${token.split('.')[1]}.`;
    expect(await verification(named, { server: { jwksUrl: await withKeys([]) } })).toEqual({
      kind: 'unsigned',
    });
  });

  it.each(['5', '{}', 'null', '["ES256"]'])('with an algorithm that is %s is none', async (alg) => {
    const header = Buffer.from(`{"alg":${alg}}`).toString('base64url');
    const token = `${header}.${Buffer.from('{}').toString('base64url')}.c2ln`;
    expect(await verification(token, { server: { jwksUrl: await withKeys([]) } })).toEqual({
      kind: 'unsigned',
    });
  });

  it('is never taken as made with a public key as its secret', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const token = await new SignJWT({ sub: 'a' })
      .setProtectedHeader({ alg: 'HS256', kid: 'a' })
      .sign(new TextEncoder().encode(pem));
    const jwksUrl = await withKeys([{ ...jwk, kid: 'a' }]);
    expect(await verification(token, { server: { jwksUrl } })).toMatchObject({ kind: 'unchecked' });
  });

  it('of an unknown kind is left unchecked', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const head = `${Buffer.from('{"alg":"XS1"}').toString('base64url')}.e30`;
    const signature = createSign('sha256').update(head).sign(privateKey).toString('base64url');
    const jwksUrl = await withKeys([await jwkOf(own)]);
    expect(await verification(`${head}.${signature}`, { server: { jwksUrl } })).toMatchObject({
      kind: 'unchecked',
    });
  });

  it.each([
    [null, 'HTTP 500'],
    ['keys', 'no key set'],
    [[{ kid: 'a' }], 'no key set'],
  ])('cannot be checked with the keys %o', async (keys, words) => {
    const jwksUrl = await withKeys(keys);
    const found = await verification(await signed(own), { server: { jwksUrl } });
    expect(found).toEqual({ kind: 'unchecked', reason: expect.stringContaining(words) });
  });

  it('cannot be checked where nothing names the keys', async () => {
    expect(await verification(await signed(own))).toEqual({
      kind: 'unchecked',
      reason: expect.stringContaining('JWKS URL'),
    });
  });

  it('is left alone when the person gives up', async () => {
    const controller = new AbortController();
    controller.abort();
    const jwksUrl = await withKeys([]);
    const held = { accessToken: new Secret(await signed(own)), refreshToken: null, idToken: null };
    const asked = { context: testContext(), nowMs, signal: controller.signal };
    const failure = await failureOf(() => inspectTokens(testProfile({ server: { jwksUrl } }), held, asked));
    expect(failure.code).toBe('cancelled');
  });
});

describe('its times', () => {
  it.each([
    [{ exp: nowSeconds + 1 }, 'valid'],
    [{ exp: nowSeconds }, 'expired'],
    [{ exp: nowSeconds - 90 * 24 * 3600 }, 'expired'],
    [{ exp: String(nowSeconds - 5) }, 'expired'],
    [{ exp: nowMs - 5 }, 'expired'],
    [{ exp: nowMs + 5 }, 'valid'],
    [{ exp: 'soon' }, 'valid'],
    [{ exp: undefined }, 'valid'],
    [{ nbf: nowSeconds + 5 }, 'not_yet_valid'],
    [{ nbf: nowSeconds }, 'valid'],
  ])('%o make it %s', async (claims, kind) => {
    const jwksUrl = await withKeys([await jwkOf(own)]);
    expect(await verification(await signed(own, claims), { server: { jwksUrl } })).toEqual({ kind });
  });

  it('do not matter where the signature is wrong', async () => {
    const jwksUrl = await withKeys([await jwkOf(other)]);
    expect(await verification(await signed(own, { exp: 1 }), { server: { jwksUrl } })).toEqual({
      kind: 'wrong_key',
    });
  });
});
