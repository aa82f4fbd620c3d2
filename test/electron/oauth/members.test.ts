import { describe, expect, it } from 'vitest';
import { isTokenName, maskedText, shownMembers, tokensIn } from '../../../electron/oauth/members.ts';
import { Secret } from '../../../shared/secret.ts';

describe('shownMembers', () => {
  it("leaves the protocol's own names as they are, whatever the secret is", () => {
    const secrets = [new Secret('scope'), new Secret('e')];
    const shown = shownMembers({ scope: 1, expires_in: 2, zen: 3 }, secrets, () => '');
    expect(shown.map(({ name }) => name)).toEqual(['scope', 'expires_in', 'z[secret]n']);
  });
});

describe('maskedText', () => {
  it.each([
    'orders.read openid reviewoperations_administrator.all',
    'https://accounts-production.example-host.com/realms/monkey-business',
    'urn:ietf:params:oauth:token-type:access_token',
    'a.b.c...',
  ])('leaves "%s" as it is', (text) => {
    expect(maskedText(text, [], 200)).toBe(text);
  });
});

describe('isTokenName', () => {
  it.each(['access_token', 'refresh_token', 'id_token', 'accessToken', 'ID-Token', 'RefreshToken', 'token'])(
    'knows %s',
    (name) => expect(isTokenName(name)).toBe(true),
  );
  it.each(['token_type', 'access_token_type', 'issued_token_type', 'xaccess_token', 'tokens', ''])(
    'does not know %s',
    (name) => expect(isTokenName(name)).toBe(false),
  );
});

describe('tokensIn', () => {
  it('finds them wherever they are wrapped', () => {
    const found = tokensIn({
      access_token: 'a',
      data: { refreshToken: 'b', list: [{ token: 'c' }], id_token: '', user: 'd' },
      token: { id: 7 },
    });
    expect(found.map((secret) => secret.reveal())).toEqual(['a', 'b', 'c']);
  });

  it('comes to an end', () => {
    const deep = JSON.parse(`${'{"data":'.repeat(5_000)}{"token":"x"}${'}'.repeat(5_000)}`);
    expect(tokensIn(deep)).toEqual([]);
    expect(tokensIn(Array.from({ length: 100_000 }, () => ({ token: 'x' }))).length).toBeLessThanOrEqual(100);
    expect([null, 'token', 7, undefined].flatMap((json) => tokensIn(json))).toEqual([]);
  });
});
