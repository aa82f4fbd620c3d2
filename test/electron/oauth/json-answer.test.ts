import { describe, expect, it } from 'vitest';
import { readIntrospection } from '../../../electron/oauth/introspection.ts';
import { readAnswer } from '../../../electron/oauth/json-answer.ts';
import { readPushedAnswer } from '../../../electron/oauth/pushed-request.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

interface Answer {
  body: string | Buffer;
  status?: number;
  type?: string;
}

function answered(
  { body, status = 200, type = 'application/json' }: Answer,
  endpoint: 'pushedAuthorizationUrl' | 'introspectionUrl' | 'deviceAuthorizationUrl',
) {
  return {
    asked: { endpoint, url: 'https://login.example/asked', grantType: null },
    response: new Response(typeof body === 'string' ? body : new Uint8Array(body), {
      status,
      headers: { 'content-type': type },
    }),
    secrets: [new Secret('sent-marker')],
    receivedAtMs: 0,
  };
}

/** Ways to write the same members that are not RFC 8259's alone. */
const writings: [name: string, write: (json: string) => Answer][] = [
  ['UTF-16', (json) => ({ body: Buffer.from(`\ufeff${json}`, 'utf16le') })],
  ['a byte order mark before it', (json) => ({ body: `\ufeff${json}` })],
  ['a JSON string', (json) => ({ body: JSON.stringify(json) })],
  ['a list of one', (json) => ({ body: `[${json}]` })],
  ['a page', (json) => ({ body: `<html><body><pre>${json}</pre></body></html>`, type: 'text/html' })],
];

describe.each(writings)('an answer in %s', (_, write) => {
  it('is understood of every endpoint alike', async () => {
    const pushed = write('{"request_uri":"urn:x"}');
    expect(await readPushedAnswer(answered(pushed, 'pushedAuthorizationUrl'))).toBe('urn:x');
    const told = await readIntrospection(
      answered(write('{"active":true,"sub":"ada"}'), 'introspectionUrl'),
      'access_token',
    );
    expect(told).toMatchObject({ active: true, claims: [{ name: 'sub', value: 'ada' }] });
    const { members, findings } = await readAnswer(answered(write('{"a":1}'), 'deviceAuthorizationUrl'));
    expect([members, findings.length]).toEqual([{ a: 1 }, expect.any(Number)]);
    expect(findings).not.toEqual([]);
  });

  it('says its error at every endpoint alike', async () => {
    const error = write('{"error":"invalid_client","error_description":"who?"}');
    for (const read of [
      () => readPushedAnswer(answered({ ...error, status: 401 }, 'pushedAuthorizationUrl')),
      () => readIntrospection(answered({ ...error, status: 401 }, 'introspectionUrl'), 'access_token'),
      () => readAnswer(answered({ ...error, status: 401 }, 'deviceAuthorizationUrl')),
    ]) {
      const { code, server } = await failureOf(read);
      expect([code, server?.errorDescription]).toEqual(['invalid_client', 'who?']);
      expect(server?.findings).not.toBeUndefined();
    }
  });
});

describe('readAnswer', () => {
  it('takes a form in place of JSON', async () => {
    const type = 'application/x-www-form-urlencoded';
    const body = 'request_uri=urn%3Ax&expires_in=60';
    expect(await readPushedAnswer(answered({ body, type, status: 201 }, 'pushedAuthorizationUrl'))).toBe(
      'urn:x',
    );
    const refused = { body: 'error=invalid_request&error_description=no', type, status: 400 };
    const error = await failureOf(() => readPushedAnswer(answered(refused, 'pushedAuthorizationUrl')));
    expect(error.server).toMatchObject({ error: 'invalid_request', errorDescription: 'no' });
    expect(error.server?.findings?.map(({ code }) => code)).toEqual(['form_encoded']);
  });

  it('repeats no token that came along, and nothing that was sent', async () => {
    const words = 'not sent-marker, not came-marker';
    const body = JSON.stringify({ error: 'x', error_description: words, access_token: 'came-marker' });
    for (const endpoint of [
      'pushedAuthorizationUrl',
      'introspectionUrl',
      'deviceAuthorizationUrl',
    ] as const) {
      const error = await failureOf(() => readAnswer(answered({ body, status: 400 }, endpoint)));
      expect(error.message).toContain('not [secret], not [secret]');
    }
    const ok = JSON.stringify({ access_token: 'came-marker' });
    const { secrets } = await readAnswer(answered({ body: ok }, 'deviceAuthorizationUrl'));
    expect(secrets.map((secret) => secret.reveal())).toEqual(['sent-marker', 'came-marker']);
  });

  it('takes an error for one with status 200, but beside what an introspection or a push wants', async () => {
    const body = '{"active":false,"request_uri":"urn:x","device_code":"code-1","error":"odd"}';
    const push = answered({ body }, 'pushedAuthorizationUrl');
    expect(await readPushedAnswer(push)).toBe('urn:x');
    const told = await readIntrospection(answered({ body }, 'introspectionUrl'), 'access_token');
    expect(told.claims).toContainEqual({ name: 'error', value: 'odd' });
    const error = await failureOf(() => readAnswer(answered({ body }, 'deviceAuthorizationUrl')));
    expect([error.code, error.server?.error]).toEqual(['device_authorization_failed', 'odd']);
    const refused = { body: '{"active":true}', status: 403 };
    const failed = await failureOf(() =>
      readIntrospection(answered(refused, 'introspectionUrl'), 'access_token'),
    );
    expect(failed.code).toBe('introspection_failed');
  });

  it.each<[string, Answer, string]>([
    ['a redirect', { body: '{"a":1}', status: 302 }, 'a redirect'],
    ['an empty body', { body: '' }, 'an empty body'],
    ['JSON of another kind', { body: '7' }, 'JSON that is no object'],
    ['a list of many', { body: '[{"a":1},{"a":2}]' }, 'JSON that is no object'],
    ['a text', { body: '{"a":' }, 'a damaged or foreign text'],
  ])('says what came instead of an object: %s', async (_, answer, words) => {
    const error = await failureOf(() => readAnswer(answered(answer, 'introspectionUrl')));
    expect([error.code, error.server?.status]).toEqual(['introspection_failed', answer.status ?? 200]);
    expect(error.message).toContain(`with ${words} (HTTP`);
  });
});
