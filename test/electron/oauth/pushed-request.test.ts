import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPushedAnswer } from '../../../electron/oauth/pushed-request.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

const asked = {
  endpoint: 'pushedAuthorizationUrl',
  url: 'https://login.example/par',
  grantType: null,
} as const;

function read(
  body: string | null,
  status = 201,
  type = 'application/json',
  sent: string[] = [],
): Promise<string> {
  const response = new Response(body, { status, headers: { 'content-type': type } });
  return readPushedAnswer({
    asked,
    response,
    secrets: sent.map((text) => new Secret(text)),
    receivedAtMs: 0,
  });
}

describe('readPushedAnswer', () => {
  it.each([201, 200])('takes the request_uri of a %s answer, whatever else there is', async (status) => {
    const more = { expires_in: 'soon', error: '' };
    expect(await read(JSON.stringify({ request_uri: 'urn:x', ...more }), status, 'text/plain')).toBe('urn:x');
  });

  it.each<[string, string | null, number, string]>([
    ['a redirect', '', 302, 'a redirect'],
    ['no body', null, 201, 'an empty body'],
    ['a page', '<html>', 200, '(HTTP 200'],
    ['JSON without it', '{"request_uri":""}', 201, 'JSON without a request_uri'],
    ['a list', '[]', 201, 'JSON that is no object'],
    ['an error with 200', '{"error":"invalid_request"}', 200, 'with invalid_request'],
    ['an error without a body', '', 500, 'could not answer the pushed authorization request'],
    ['nothing at this address', 'gone', 404, 'refused the pushed authorization request'],
  ])('says what came instead: %s', async (_, body, status, words) => {
    const error = await failureOf(() => read(body, status));
    expect([error.code, error.server?.status]).toEqual(['pushed_request_failed', status]);
    expect(error.message).toContain(words);
  });

  it("repeats none of the request's secrets", async () => {
    const body = JSON.stringify({ error: 'invalid_request', error_description: 'not state-marker' });
    const error = await failureOf(() => read(body, 400, 'application/json', ['state-marker']));
    expect(error.message).toContain('not [secret]');
  });

  it('never fails but with its own words, whatever comes', async () => {
    const member = fc.constantFrom('request_uri', 'error', 'error_description', 'expires_in', '__proto__');
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(member, fc.jsonValue()).map((json) => JSON.stringify(json)),
    );
    const status = fc.constantFrom(200, 201, 302, 400, 401, 404, 408, 429, 500, 503, 599);
    await fc.assert(
      fc.asyncProperty(body, status, async (text, code) => {
        try {
          expect((await read(text, code, 'text/html')).length).toBeGreaterThan(0);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
