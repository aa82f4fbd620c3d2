import { describe, expect, it } from 'vitest';
import {
  checkPlace,
  credentialOf,
  placeToken,
  type TokenToPlace,
} from '../../../electron/requests/place-token.ts';
import { type PreparedRequest, prepareRequest } from '../../../electron/requests/prepare.ts';
import { type Placement, placementSchema } from '../../../shared/model/placement.ts';
import { type ApiRequest, requestSchema } from '../../../shared/model/request.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

const value = 'MARKER.access;token,of some length';

function prepared(request: Partial<ApiRequest> = {}): Promise<PreparedRequest> {
  const whole = requestSchema.parse({ name: 'List', url: 'https://api.example/orders', ...request });
  return prepareRequest(whole, async (name) => (name === 'key' ? new Secret('s3cret') : undefined));
}

const placementOf = (text: unknown): Placement => placementSchema.parse(text);

async function placed(
  placement: unknown,
  request: Partial<ApiRequest> = {},
  token: Partial<TokenToPlace> = {},
) {
  const ready = await prepared(request);
  checkPlace(ready, placementOf(placement));
  const result = placeToken(ready, {
    ...{ accessToken: new Secret(value), idToken: null, tokenType: 'bearer', placedToken: 'access_token' },
    ...{ placement: placementOf(placement), ...token },
  });
  expect(JSON.stringify(result.shown)).not.toContain('access;token');
  const header = (name: string) =>
    result.outgoing.headers.filter((one) => one.name.toLowerCase() === name).map((one) => one.value);
  return { ...result, header };
}

describe('credentialOf', () => {
  it.each([
    [{ kind: 'header' }, { kind: 'header', name: 'Authorization', value: `Bearer ${value}` }],
    [
      { kind: 'header', name: 'X-Key', prefix: '' },
      { kind: 'header', name: 'X-Key', value },
    ],
    [{ kind: 'query' }, { kind: 'query', name: 'access_token', value }],
    [
      { kind: 'form', name: 't' },
      { kind: 'form', name: 't', value },
    ],
    [
      { kind: 'cookie', name: 'sid' },
      { kind: 'cookie', name: 'sid', value: 'MARKER.access%3Btoken%2Cof%20some%20length' },
    ],
  ])('of %o is what goes out', (placement, credential) => {
    const tokens = { accessToken: new Secret(value), idToken: null, tokenType: 'bearer' };
    const given = { ...tokens, placement: placementOf(placement), placedToken: 'access_token' as const };
    expect(credentialOf(given)).toEqual(credential);
    expect(() => credentialOf({ ...given, placedToken: 'id_token' })).toThrow('id token');
  });

  it('of an id token is a bearer token, whatever the access token is bound to', () => {
    const tokens = { accessToken: new Secret(value), idToken: new Secret('id.token'), tokenType: 'DPoP' };
    const given = { ...tokens, placement: placementOf({ kind: 'header' }), placedToken: 'id_token' as const };
    expect(credentialOf(given).value).toBe('Bearer id.token');
  });
});

describe('placeToken', () => {
  it.each([
    ['BEARER', 'Bearer'],
    ['dpop', 'DPoP'],
    ['mac', 'mac'],
  ])('writes the type %s as picky APIs want it', async (tokenType, written) => {
    const { header } = await placed({ kind: 'header' }, {}, { tokenType });
    expect(header('authorization')).toEqual([`${written} ${value}`]);
  });

  it.each([
    [{ kind: 'header' }, 'authorization', `Bearer ${value}`],
    [{ kind: 'header', prefix: 'Token' }, 'authorization', `Token ${value}`],
    [{ kind: 'header', prefix: 'token token=' }, 'authorization', `token token= ${value}`],
    [{ kind: 'header', prefix: '' }, 'authorization', value],
    [{ kind: 'header', name: 'X-Access-Token', prefix: '' }, 'x-access-token', value],
  ])('puts it into the header %o', async (placement, name, expected) => {
    const { header, shown } = await placed(placement);
    expect(header(name)).toEqual([expected]);
    expect(shown.headers.at(-1)?.value).toMatch(/MARKER…••••$/);
  });

  it('takes the type that the server wrote, where the profile names none', async () => {
    const { header } = await placed({ kind: 'header' }, {}, { tokenType: 'MAC' });
    expect(header('authorization')).toEqual([`MAC ${value}`]);
  });

  it.each([
    ['https://api.example/orders', 'https://api.example/orders?access_token='],
    ['https://api.example/orders?a=1#top', 'https://api.example/orders?a=1&access_token='],
    ['https://api.example/orders?key={{key}}', 'https://api.example/orders?key=s3cret&access_token='],
  ])('adds it to the query of %s', async (url, expected) => {
    const { outgoing, shown, header } = await placed({ kind: 'query' }, { url });
    expect(outgoing.url.startsWith(expected)).toBe(true);
    expect(new URL(outgoing.url).searchParams.get('access_token')).toBe(value);
    expect(shown.url).toContain('access_token=MARKER…••••');
    expect(shown.url).not.toContain('s3cret');
    expect(header('authorization')).toEqual([]);
  });

  it.each([
    ["https://api.example/orders?$filter=name%20eq%20'x'&q=a+b&flag", '&'],
    ['https://api.example/orders?a=1&', ''],
    ['https://api.example/orders?', ''],
  ])('leaves the query of %s as it is', async (url, between) => {
    const { outgoing, shown } = await placed({ kind: 'query', name: 't' }, { url });
    const before = (await prepared({ url })).outgoing.url;
    expect(outgoing.url).toBe(`${before}${between}t=MARKER.access%3Btoken%2Cof+some+length`);
    expect(shown.url).toBe(`${before}${between}t=MARKER…••••`);
  });

  it.each<[string, Partial<ApiRequest>, string]>([
    ['no body', { method: 'POST' }, ''],
    [
      'a form',
      {
        method: 'PUT',
        body: {
          kind: 'text',
          contentType: 'application/x-www-form-urlencoded; charset=utf-8',
          text: 'a=1&b=2',
        },
      },
      'a=1&b=2&',
    ],
  ])('adds it to a request with %s', async (_what, request, before) => {
    const { outgoing, header } = await placed({ kind: 'form', name: 'token' }, request);
    expect(outgoing.body?.startsWith(`${before}token=`)).toBe(true);
    expect(new URLSearchParams(outgoing.body ?? '').get('token')).toBe(value);
    expect(header('content-type')).toHaveLength(1);
    expect(header('content-type')[0]).toContain('application/x-www-form-urlencoded');
  });

  it('makes a cookie of it, beside those that the request has', async () => {
    const encoded = 'MARKER.access%3Btoken%2Cof%20some%20length';
    expect((await placed({ kind: 'cookie', name: 'sid' })).header('cookie')).toEqual([`sid=${encoded}`]);
    const beside = await placed({ kind: 'cookie' }, { headers: [{ name: 'cookie', value: 'a={{key}}' }] });
    expect(beside.header('cookie')).toEqual([`a=s3cret; access_token=${encoded}`]);
    expect(beside.shown.headers[0]?.value).toMatch(/^a=•+; access_token=MARKER…•+$/);
    const headers = ['a=1', 'b=2'].map((text) => ({ name: 'Cookie', value: text }));
    expect((await placed({ kind: 'cookie' }, { headers })).header('cookie')).toEqual([
      `a=1; access_token=${encoded}`,
      'b=2',
    ]);
  });

  it('can take the id token, and says so where there is none', async () => {
    const idToken = new Secret('id.token.value');
    const { header } = await placed({ kind: 'header' }, {}, { placedToken: 'id_token', idToken });
    expect(header('authorization')).toEqual(['Bearer id.token.value']);
    const bound = { placedToken: 'id_token', idToken, tokenType: 'DPoP' } as const;
    expect((await placed({ kind: 'header' }, {}, bound)).header('authorization')).toEqual([
      'Bearer id.token.value',
    ]);
    const failure = await failureOf(() => placed({ kind: 'header' }, {}, { placedToken: 'id_token' }));
    expect([failure.code, failure.action]).toEqual(['token_missing', expect.stringContaining('openid')]);
  });

  it.each<[string, unknown, Partial<ApiRequest>]>([
    ['header Authorization is', { kind: 'header' }, { headers: [{ name: 'authorization', value: 'x' }] }],
    ['header X-Key is', { kind: 'header', name: 'X-Key' }, { headers: [{ name: 'x-key', value: 'x' }] }],
    ['query parameter access_token is', { kind: 'query' }, { url: 'https://api.example?access_token=1' }],
    [
      'the body of this request is no form',
      { kind: 'form' },
      { method: 'POST', body: { kind: 'json', text: '{}' } },
    ],
    ['a GET request has none', { kind: 'form' }, {}],
    [
      'form field access_token is',
      { kind: 'form' },
      {
        method: 'POST',
        body: {
          kind: 'text',
          contentType: 'application/x-www-form-urlencoded',
          text: 'a=1&access%5Ftoken=x',
        },
      },
    ],
    [
      'cookie sid is',
      { kind: 'cookie', name: 'sid' },
      { headers: [{ name: 'COOKIE', value: 'side=1; sid=2' }] },
    ],
  ])('refuses a request with %s', async (words, placement, request) => {
    const failure = await failureOf(() => placed(placement, request));
    expect(failure.code).toBe('request_invalid');
    expect(failure.message).toContain(words);
    expect(failure.action).not.toBeUndefined();
  });

  it('lets no token break out of its header', async () => {
    const accessToken = new Secret('a\r\nx-evil: 1');
    expect((await failureOf(() => placed({ kind: 'header' }, {}, { accessToken }))).code).toBe(
      'request_invalid',
    );
    const { header } = await placed({ kind: 'cookie' }, {}, { accessToken });
    expect(header('cookie')[0]).toBe('access_token=a%0D%0Ax-evil:%201');
    const odd = await placed({ kind: 'cookie' }, {}, { accessToken: new Secret('ä😀\ud83d') });
    expect(odd.header('cookie')[0]).toBe('access_token=%C3%A4%F0%9F%98%80%EF%BF%BD');
  });
});
