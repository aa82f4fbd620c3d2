import { describe, expect, it } from 'vitest';
import { redactedAnswer } from '../../../electron/oauth/redacted-answer.ts';
import { Secret } from '../../../shared/secret.ts';

const jwt = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"marker"}').toString('base64url')}.marker`;

function valuesOf(json: unknown, secrets: string[] = []) {
  const all = secrets.map((text) => new Secret(text));
  return Object.fromEntries(redactedAnswer(200, json, all).fields.map(({ name, value }) => [name, value]));
}

describe('redactedAnswer', () => {
  it('shows the words of the protocol, numbers and truth values', () => {
    const words = {
      token_type: 'Bearer',
      expires_in: '300',
      refresh_expires_in: 600,
      refresh_token_expires_in: null,
      scope: 'openid orders',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      created_at: 1_893_456_000,
      'not-before-policy': 0,
      error: 'invalid_grant',
      error_description: 'no\u0000 \u202euser',
      first_login: true,
      level: 1.5,
      nothing: null,
    };
    expect(valuesOf(words)).toEqual({
      ...Object.fromEntries(Object.entries(words).map(([name, value]) => [name, String(value)])),
      error_description: 'no user',
    });
    expect(valuesOf({ scope: ['a', 'b'] })).toEqual({ scope: 'a b' });
  });

  it('tells of every other text only about how long it is', () => {
    expect(
      valuesOf({
        access_token: jwt,
        refresh_token: 'x'.repeat(21),
        id_token: 'x'.repeat(5_000),
        session_state: 'x'.repeat(20),
        api_key: '',
        AccessToken: 4711,
      }),
    ).toEqual({
      access_token: '(up to 200 characters)',
      refresh_token: '(up to 200 characters)',
      id_token: '(over 2000 characters)',
      session_state: '(up to 20 characters)',
      api_key: '(empty)',
      AccessToken: '(up to 20 characters)',
    });
  });

  it('tells of objects and lists only that they are there', () => {
    const nested = {
      user: { password: 'marker' },
      list: ['marker'],
      scope: [1, 'marker'],
      error: { x: 'marker' },
    };
    expect(valuesOf(nested)).toEqual({ user: '{…}', list: '[…]', scope: '[…]', error: '{…}' });
    const deep = JSON.parse(`{"scope":${'['.repeat(900_000)}${']'.repeat(900_000)}}`);
    expect(valuesOf(deep)).toEqual({ scope: '[…]' });
  });

  it('shows no secret and no JWT, wherever it stands', () => {
    const shown = valuesOf(
      {
        error_description: `bad s3cret-marker, and ${jwt}, and x=${jwt}&y`,
        scope: `orders ${jwt}`,
        pin: 471_147,
        'a s3cret-marker': true,
        [jwt]: 1,
        error_uri: Buffer.from('{\n  "alg": "none"}').toString('base64url'),
      },
      ['s3cret-marker', '471147', `ab ${jwt} s3cret-marker`],
    );
    expect(JSON.stringify(shown)).not.toMatch(/marker|471147|eyJ/);
    expect(shown.error_uri).toBe('[secret]');
    expect(shown.pin).toBe('[secret]');
    expect(shown.error_description).toBe('bad [secret], and [secret], and x=[secret]&y');
  });

  it('keeps hostile names and values short and printable, and at most 40 of them', () => {
    const hostile = Object.fromEntries(
      Array.from({ length: 99 }, (_, index) => [`n${index}\u0007\u202e${'x'.repeat(999)}`, index]),
    );
    const { fields } = redactedAnswer(200, hostile, []);
    expect(fields).toHaveLength(40);
    for (const { name } of fields) {
      expect(name.length).toBe(81);
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(valuesOf({ scope: '💥'.repeat(201) })).toEqual({ scope: `${'💥'.repeat(200)}…` });
    const prototype = redactedAnswer(200, JSON.parse('{"__proto__":"x","constructor":"y"}'), []).fields;
    expect(prototype.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  it.each([[undefined], [null], ['text'], [7], [['marker']]])('has no fields for %o', (json) => {
    expect(redactedAnswer(403, json, [])).toEqual({ status: 403, fields: [] });
  });

  it('takes no long time over a text that is made to take long', () => {
    // Quadratic work over this would take hours: that the test ends is the check.
    valuesOf({ scope: 'eyJ'.repeat(600_000), error: `${'eyJ'.repeat(300_000)}.${'.eyJ'.repeat(300_000)}` });
  });
});
