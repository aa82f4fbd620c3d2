import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TokenAnswer } from '../../../electron/oauth/token-answer.ts';
import {
  formatTokenSet,
  mergeAnswer,
  parseTokenSet,
  type TokenSet,
} from '../../../electron/tokens/token-set.ts';
import { Secret } from '../../../shared/secret.ts';

const settings = { fingerprint: 'same', chain: null, scope: 'asked for', byRefresh: false, findings: [] };

const old: TokenSet = {
  fingerprint: 'same',
  chain: null,
  accessToken: new Secret('old-access'),
  tokenType: 'Bearer',
  dpopKey: null,
  issuedAtMs: 1,
  expiresAtMs: 2,
  refresh: { kind: 'held', token: new Secret('old-refresh'), issuedAtMs: 1, expiresAtMs: 99, dpopKey: null },
  idToken: new Secret('old-id'),
  idTokenIssuedAtMs: 1,
  scope: 'old scope',
  subject: 'alice',
  clockAheadMs: null,
  findings: [],
};

const bare: TokenAnswer = {
  accessToken: new Secret('new-access'),
  tokenType: 'bearer',
  refreshToken: null,
  idToken: null,
  scope: null,
  receivedAtMs: 10,
  accessExpiresAtMs: null,
  refreshExpiresAtMs: null,
  subject: null,
  clockAheadMs: null,
  redacted: { status: 200, fields: [] },
  findings: [],
};

const refreshOf = ({ refresh }: TokenSet) => (refresh.kind === 'none' ? null : refresh.token.reveal());

describe('merging an answer', () => {
  test('keeps the old refresh token, its expiry, id token, scope and subject when the response has none', () => {
    const set = mergeAnswer(old, bare, { ...settings, byRefresh: true });
    expect(set).toEqual({
      ...old,
      accessToken: bare.accessToken,
      tokenType: 'bearer',
      issuedAtMs: 10,
      expiresAtMs: null,
    });
  });

  test('keeps no id token of an earlier login, and notes when each came', () => {
    const idOf = ({ idToken, idTokenIssuedAtMs }: TokenSet) => [idToken?.reveal(), idTokenIssuedAtMs];
    const byRefresh = { ...settings, byRefresh: true };
    const answer = { ...bare, idToken: new Secret('new-id') };
    expect(idOf(mergeAnswer(old, bare, settings))).toEqual([undefined, null]);
    expect(idOf(mergeAnswer(old, answer, settings))).toEqual(['new-id', 10]);
    expect(idOf(mergeAnswer(old, answer, byRefresh))).toEqual(['new-id', 10]);
    expect(idOf(mergeAnswer({ ...old, issuedAtMs: 5 }, bare, byRefresh))).toEqual(['old-id', 1]);
    // One that an earlier version stored.
    const unnoted = { ...old, issuedAtMs: 5, idTokenIssuedAtMs: null };
    expect(idOf(mergeAnswer(unnoted, bare, byRefresh))).toEqual(['old-id', 5]);
  });

  test('replaces the refresh token, and does not give the new one the old expiry', () => {
    const set = mergeAnswer(old, { ...bare, refreshToken: new Secret('new-refresh') }, settings);
    expect(refreshOf(set)).toBe('new-refresh');
    expect(set.refresh).toMatchObject({ kind: 'held', expiresAtMs: null });
  });

  test('takes a new expiry for the refresh token that is kept', () => {
    const set = mergeAnswer(old, { ...bare, refreshExpiresAtMs: 500 }, settings);
    expect([refreshOf(set), set.refresh]).toMatchObject(['old-refresh', { expiresAtMs: 500 }]);
  });

  test('notes when the refresh token came, apart from the access token', () => {
    expect(mergeAnswer(old, bare, settings).refresh).toMatchObject({ issuedAtMs: 1 });
    const renewed = mergeAnswer(old, { ...bare, refreshToken: new Secret('new-refresh') }, settings);
    expect(renewed.refresh).toMatchObject({ issuedAtMs: 10 });
  });

  test('a refused refresh token is good again only when a refresh with it went well', () => {
    const refused: TokenSet = {
      ...old,
      refresh: {
        kind: 'refused',
        token: new Secret('r'),
        issuedAtMs: 1,
        expiresAtMs: null,
        dpopKey: null,
        reason: 'HTTP 400',
      },
    };
    expect(mergeAnswer(refused, bare, settings).refresh).toEqual(refused.refresh);
    expect(mergeAnswer(refused, bare, { ...settings, byRefresh: true }).refresh).toMatchObject({
      kind: 'held',
    });
  });

  test("takes the answer's own scope, also a narrower one", () => {
    expect(mergeAnswer(old, { ...bare, scope: 'old' }, settings).scope).toBe('old');
    expect(mergeAnswer(old, { ...bare, scope: '' }, settings).scope).toBe('');
  });

  test('takes the scope that was asked for when no answer ever said', () => {
    expect(mergeAnswer(null, bare, settings)).toMatchObject({
      scope: 'asked for',
      refresh: { kind: 'none' },
    });
  });

  test('keeps nothing of a token set of other settings', () => {
    const set = mergeAnswer(old, bare, { ...settings, fingerprint: 'other' });
    expect([set.refresh.kind, set.idToken, set.subject, set.scope]).toEqual([
      'none',
      null,
      null,
      'asked for',
    ]);
  });

  test("keeps no other person's refresh token when somebody else has logged in", () => {
    expect(mergeAnswer(old, { ...bare, subject: 'bob' }, settings)).toMatchObject({
      refresh: { kind: 'none' },
      subject: 'bob',
      idToken: null,
    });
    expect(refreshOf(mergeAnswer(old, { ...bare, subject: 'alice' }, settings))).toBe('old-refresh');
  });
});

describe('storing a token set', () => {
  const kinds: TokenSet['refresh'][] = [
    { kind: 'none' },
    old.refresh,
    {
      kind: 'refused',
      token: new Secret('r'),
      issuedAtMs: 1,
      expiresAtMs: null,
      reason: 'invalid_request',
      dpopKey: null,
    },
  ];
  test.each(kinds)('gives the same back: refresh token $kind', (refresh) => {
    const set = { ...old, refresh, idToken: null, idTokenIssuedAtMs: null, subject: null };
    const again = parseTokenSet(formatTokenSet(set), 'Orders');
    expect(again).toEqual(set);
    expect(again.accessToken.reveal()).toBe('old-access');
    expect(refreshOf(again)).toBe(refreshOf(set));
  });

  test('gives the same back: keys that tokens are bound to', () => {
    const [first, second] = [new Secret('{"d":"1"}'), new Secret('{"d":"2"}')];
    const answer = { ...bare, refreshToken: new Secret('bound'), dpopKey: first };
    const bound = mergeAnswer(old, answer, settings);
    const later = mergeAnswer(bound, { ...bare, dpopKey: second }, settings);
    const again = parseTokenSet(formatTokenSet(later), 'Orders');
    // The refresh token that is kept is of the first key still.
    expect(again.refresh.kind === 'held' && again.refresh.dpopKey?.reveal()).toBe('{"d":"1"}');
    expect(again.dpopKey?.reveal()).toBe('{"d":"2"}');
    const refreshed = mergeAnswer(bound, { ...bare, dpopKey: first }, { ...settings, byRefresh: true });
    expect(refreshed.refresh).toMatchObject({ kind: 'held', dpopKey: first });
  });

  test('reads what a version before stored', () => {
    const { clockAheadMs, dpopKey, ...before } = JSON.parse(formatTokenSet(old));
    delete before.refresh.issuedAtMs;
    delete before.refresh.dpopKey;
    delete before.idTokenIssuedAtMs;
    const again = parseTokenSet(JSON.stringify({ ...before, format: 1 }), 'Orders');
    expect(clockAheadMs).toBeNull();
    expect(again).toMatchObject({
      ...{ refresh: { kind: 'held', issuedAtMs: null }, clockAheadMs: null, idTokenIssuedAtMs: null },
    });
    expect(refreshOf(again)).toBe('old-refresh');
  });

  test('never prints a token but into the vault', () => {
    expect(formatTokenSet(old)).toContain('old-refresh');
    expect(inspect(old, { depth: 9 }) + JSON.stringify(old)).not.toMatch(/old-(access|refresh|id)/);
  });

  test.each(['', '{', 'null', '{"format":3}', '{"format":1,"accessToken":"marker-token"}'])(
    'says vault_damaged for %s, and shows none of it',
    (text) => {
      let failure: unknown;
      try {
        parseTokenSet(text, 'Orders');
      } catch (thrown) {
        failure = thrown;
      }
      expect(failure).toMatchObject({ code: 'vault_damaged', message: expect.stringContaining('“Orders”') });
      expect(inspect(failure)).not.toContain('marker-token');
    },
  );
});
