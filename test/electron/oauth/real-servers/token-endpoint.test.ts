import { describe, expect, it } from 'vitest';
import { clientCredentials, refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import { classifyTokenFailure } from '../../../../electron/oauth/refusal.ts';
import type { ResolvedClient } from '../../../../electron/oauth/resolved-profile.ts';
import { mergeAnswer } from '../../../../electron/tokens/token-set.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf } from '../../../fixtures/oauth-profile.ts';
import { type SeenRequest, sendJson } from '../../../fixtures/web-server.ts';
import { type Answer, context, empty, json, standIn, token } from './stand-in.ts';

/** What running servers do otherwise than the RFCs at their token endpoint; a `describe` for each. */
const server = standIn();

const secretText = 'a+b/ü&%"s3cret';
function basic(encoding: 'form' | 'raw'): ResolvedClient {
  return { kind: 'client_secret_basic', id: 'my:app', secret: new Secret(secretText), encoding };
}
const inBody: ResolvedClient = { kind: 'client_secret_post', id: 'app', secret: new Secret(secretText) };

function grant(client: ResolvedClient) {
  return clientCredentials(server.profile({ grant: { kind: 'client_credentials' }, client }), context);
}

/** What a refresh fails with when the server answers so. */
function refused(by: Answer) {
  server.answer = by;
  return failureOf(() => refreshTokens(server.profile({ client: inBody }), new Secret('old'), context));
}

describe('Basic authentication with special characters in the secret', () => {
  function credentials({ headers }: SeenRequest): string {
    return Buffer.from(String(headers.authorization).slice('Basic '.length), 'base64').toString();
  }
  function decode({ headers }: SeenRequest): string[] {
    return credentials({ headers } as SeenRequest)
      .split(':')
      .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  }

  it('goes in by the way of RFC 6749 where a server accepts only that', async () => {
    server.answer = (request, response) => {
      const [id, secret] = decode(request);
      if (id === 'my:app' && secret === secretText) sendJson(response, token);
      else sendJson(response, { error: 'invalid_client' }, 401);
    };
    expect((await grant(basic('form'))).accessToken.reveal()).toBe('access-1');
  });

  it('goes in raw where a server accepts only that', async () => {
    server.answer = (request, response) => {
      if (credentials(request) === `my:app:${secretText}`) sendJson(response, token);
      else sendJson(response, { error: 'invalid_client' }, 401);
    };
    expect((await grant(basic('raw'))).accessToken.reveal()).toBe('access-1');
    const error = await failureOf(() => grant(basic('form')));
    expect([error.code, error.action]).toEqual([
      'invalid_client',
      expect.stringContaining('client authentication'),
    ]);
  });
});

describe('a server that refuses the secret in the body', () => {
  it('is told of with where to look, and takes it by Basic', async () => {
    server.answer = (request, response) => {
      if (request.form.has('client_secret')) sendJson(response, { error: 'invalid_request' }, 400);
      else sendJson(response, token);
    };
    const error = await failureOf(() => grant(inBody));
    expect([error.code, error.server?.error]).toEqual(['token_request_refused', 'invalid_request']);
    expect((await grant(basic('form'))).accessToken.reveal()).toBe('access-1');
  });
});

describe('a wrong secret', () => {
  it.each([
    ['400 invalid_client', json(400, { error: 'invalid_client' }), 'invalid_client'],
    ['401 invalid_client', json(401, { error: 'invalid_client' }), 'invalid_client'],
    ['403 invalid_client', json(403, { error: 'invalid_client' }), 'invalid_client'],
    ['400 unauthorized_client', json(400, { error: 'unauthorized_client' }), 'token_request_refused'],
    ['401 unauthorized_client', json(401, { error: 'unauthorized_client' }), 'token_request_refused'],
    ['403 unauthorized_client', json(403, { error: 'unauthorized_client' }), 'token_request_refused'],
    ['401 and an empty body', empty(401), 'token_request_refused'],
    ['403 and an empty body', empty(403), 'token_request_refused'],
  ])(
    'is answered with %s: the client secret is what to check, and no token is dropped',
    async (_, by, code) => {
      const error = await refused(by);
      expect([error.code, error.action]).toEqual([code, expect.stringContaining('client secret')]);
      expect(classifyTokenFailure(error)).not.toBe('drop');
    },
  );

  it('is answered with 400 and an empty body, which says nothing: no token is dropped', async () => {
    const error = await refused(empty(400));
    expect([error.code, classifyTokenFailure(error)]).toEqual(['token_request_refused', 'set_aside']);
  });
});

describe('a dead refresh token', () => {
  it.each([
    ['invalid_grant', json(400, { error: 'invalid_grant' }), 'drop'],
    ['invalid_request', json(400, { error: 'invalid_request' }), 'set_aside'],
    ['400 with an empty body and no content type', empty(400), 'set_aside'],
  ])('is answered with %s', async (_, by, kind) => {
    const error = await refused(by);
    expect([error.code, classifyTokenFailure(error)]).toEqual(['token_request_refused', kind]);
  });
});

describe('a bad code', () => {
  it.each(['bad_verification_code', 'E_CODE_4711', 'invalid_code'])(
    'is refused with the code %s that no RFC registers, which is named',
    async (code) => {
      server.answer = (_, response) => sendJson(response, { error: code }, 400);
      const error = await failureOf(() => server.exchange({}, 'code=c1'));
      expect([error.code, error.server?.error]).toEqual(['token_request_refused', code]);
      expect(error.server?.findings?.map((finding) => finding.code)).toContain('error_unregistered');
    },
  );
});

describe('an unknown client', () => {
  it('is answered with invalid_grant: the client is among what to check', async () => {
    server.answer = (_, response) => sendJson(response, { error: 'invalid_grant' }, 400);
    const error = await failureOf(() => server.exchange({}, 'code=c1'));
    expect([error.server?.error, error.action]).toEqual([
      'invalid_grant',
      expect.stringContaining('Client ID'),
    ]);
  });
});

describe('a refresh', () => {
  const idToken = 'eyJhbGciOiJub25lIn0.e30.';
  const settings = { fingerprint: 'f', chain: null, scope: 'a b', byRefresh: true, findings: [] };

  /** What is held after a first answer and a refresh. */
  async function held(first: object, refresh: object) {
    const read = (body: object) => {
      server.answer = (_, response) => sendJson(response, { ...token, ...body });
      return refreshTokens(server.profile(), new Secret('given'), context);
    };
    const old = mergeAnswer(null, await read(first), { ...settings, byRefresh: false });
    const set = mergeAnswer(old, await read(refresh), settings);
    return { refresh: set.refresh.kind === 'none' ? null : set.refresh.token.reveal(), scope: set.scope };
  }

  it.each<[string, object, object, { refresh: string | null; scope: string }]>([
    [
      'with a new refresh token',
      { refresh_token: 'r1' },
      { refresh_token: 'r2' },
      { refresh: 'r2', scope: 'a b' },
    ],
    ['without one: the old one is kept', { refresh_token: 'r1' }, {}, { refresh: 'r1', scope: 'a b' }],
    ['with null for one', { refresh_token: 'r1' }, { refresh_token: null }, { refresh: 'r1', scope: 'a b' }],
    ['with an empty one', { refresh_token: 'r1' }, { refresh_token: '' }, { refresh: 'r1', scope: 'a b' }],
    ['with a scope', { scope: 'a' }, { scope: 'b' }, { refresh: null, scope: 'b' }],
    ['without a scope', { scope: 'a' }, {}, { refresh: null, scope: 'a' }],
    [
      'with null for an id token',
      { refresh_token: 'r1' },
      { id_token: null },
      { refresh: 'r1', scope: 'a b' },
    ],
  ])('answers %s', async (_, first, refresh, expected) => {
    expect(await held(first, refresh)).toEqual(expected);
  });

  it('never takes an id token that is not signed', async () => {
    server.answer = (_, response) => sendJson(response, { ...token, id_token: idToken });
    const error = await failureOf(() => refreshTokens(server.profile(), new Secret('r'), context));
    expect(error.code).toBe('token_response_invalid');
  });
});
