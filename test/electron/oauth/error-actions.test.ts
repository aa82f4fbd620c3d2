import { describe, expect, it } from 'vitest';
import { readPushedAnswer } from '../../../electron/oauth/pushed-request.ts';
import { errorRedirect } from '../../../electron/oauth/redirect-error.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

const host = 'https://login.example';

async function pushedActionFor(error: string): Promise<string | undefined> {
  const asked = { endpoint: 'pushedAuthorizationUrl', url: `${host}/par`, grantType: null } as const;
  const response = new Response(JSON.stringify({ error }), { status: 400 });
  return (await failureOf(() => readPushedAnswer({ asked, response, secrets: [], receivedAtMs: 0 }))).action;
}

describe('what can be done about an error of an authorization request', () => {
  it.each([
    ['invalid_target', 'resource and audience'],
    ['invalid_request_object', 'key and algorithm of the request object'],
    ['request_not_supported', 'Switch the signed request off'],
    ['unsupported_response_type', 'response type allowed'],
  ])('is the same whether %s comes in a redirect or for a pushed one', async (error, words) => {
    const pushed = await pushedActionFor(error);
    expect(pushed).toContain(words);
    expect(errorRedirect(error, undefined, host, []).action).toBe(pushed);
  });

  it.each(['__proto__', 'toString'])('is a text for the error %s too', async (error) => {
    for (const action of [await pushedActionFor(error), errorRedirect(error, undefined, host, []).action])
      expect(action).toEqual(expect.any(String));
  });
});
