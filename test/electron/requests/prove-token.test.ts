import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DpopNonces, newDpopKey } from '../../../electron/oauth/dpop.ts';
import type { PreparedRequest } from '../../../electron/requests/prepare.ts';
import { type ProvableToken, wantsNonce, withProof } from '../../../electron/requests/prove-token.ts';
import { Secret } from '../../../shared/secret.ts';

const url = 'https://api.example:8443/orders/1?page=2#top';
const nowMs = Date.UTC(2030, 0, 1);
let dpopKey: Secret;
beforeAll(async () => {
  dpopKey = await newDpopKey('ES256');
});

function request(headers: { name: string; value: string }[] = []): PreparedRequest {
  return { outgoing: { method: 'PATCH', url, headers, body: null }, shown: { url, headers } };
}

function token(changes: Partial<ProvableToken> = {}): ProvableToken {
  const accessToken = new Secret('at');
  return { accessToken, dpopKey, tokenType: 'dpop', placedToken: 'access_token', ...changes };
}

const nonces = (...entries: [string, string][]): DpopNonces =>
  new Map(entries.map(([origin, nonce]) => [origin, new Secret(nonce)]));

describe('withProof', () => {
  it('proves method, address and token, with the nonce of that origin', async () => {
    const all = nonces(['https://api.example:8443', 'right'], ['https://api.example', 'wrong']);
    const { outgoing, shown } = await withProof(request(), token(), all, nowMs);
    expect(decodeJwt(outgoing.headers[0]?.value ?? '')).toEqual({
      ...{ htm: 'PATCH', htu: 'https://api.example:8443/orders/1', iat: nowMs / 1000, nonce: 'right' },
      // SHA-256 of "at" (RFC 9449 section 4.2).
      ath: 'sda5G2fCr6XjIpiNlGJjjTVN34oe9526mH-BXCK0uu4',
      jti: expect.stringMatching(/^[\w-]{36}$/),
    });
    expect(JSON.stringify(shown)).not.toContain(outgoing.headers[0]?.value.slice(0, 20));
  });

  it.each<[string, Partial<ProvableToken>]>([
    ['a bearer token', { tokenType: 'Bearer' }],
    ['a token that is bound to no key', { dpopKey: null }],
    ['an id token', { placedToken: 'id_token' }],
  ])('leaves the request of %s as it is', async (_, changes) => {
    const plain = request();
    expect(await withProof(plain, token(changes), nonces(), nowMs)).toBe(plain);
  });

  it('leaves a proof that the person wrote', async () => {
    const own = request([{ name: 'dpop', value: 'mine' }]);
    expect(await withProof(own, token(), nonces(), nowMs)).toBe(own);
  });
});

describe('wantsNonce', () => {
  const asks = { name: 'WWW-Authenticate', value: 'DPoP realm="x", error="use_dpop_nonce"' };
  const gives = { name: 'DPoP-Nonce', value: 'n-1' };

  it.each<[string, number, { name: string; value: string }[], boolean, string | undefined]>([
    ['a 401 that asks for the nonce it gives', 401, [asks, gives], true, 'n-1'],
    ['a 401 that gives none', 401, [asks], false, undefined],
    [
      'a 401 for another reason',
      401,
      [{ ...asks, value: 'DPoP error="invalid_token"' }, gives],
      false,
      'n-1',
    ],
    ['a 403', 403, [asks, gives], false, 'n-1'],
    ['a good answer with the next one', 200, [gives], false, 'n-1'],
  ])('hears %s', (_, status, headers, wants, kept) => {
    const all = nonces();
    expect(wantsNonce(request(), { status, headers }, token(), all)).toBe(wants);
    expect(all.get('https://api.example:8443')?.reveal()).toBe(kept);
  });

  it('hears nothing for a bearer token', () => {
    const all = nonces();
    expect(
      wantsNonce(request(), { status: 401, headers: [asks, gives] }, token({ dpopKey: null }), all),
    ).toBe(false);
    expect(all.size).toBe(0);
  });
});
