import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { TokenAnswer } from '../../../electron/oauth/token-answer.ts';
import { type Update, updateAdvice, updateFindings } from '../../../electron/tokens/token-findings.ts';
import { formatTokenSet, parseTokenSet, type TokenSet } from '../../../electron/tokens/token-set.ts';
import { tokenStatus } from '../../../electron/tokens/token-status.ts';
import { Secret } from '../../../shared/secret.ts';
import { testProfile } from '../../fixtures/oauth-profile.ts';
import { startRig } from './service-rig.ts';

const key = new TextEncoder().encode('a key of thirty-two bytes or more');
const idToken = async (sub: string) =>
  new Secret(await new SignJWT({ sub }).setProtectedHeader({ alg: 'HS256' }).sign(key));

const old: TokenSet = {
  fingerprint: 'same',
  chain: null,
  accessToken: new Secret('old-access'),
  tokenType: 'Bearer',
  issuedAtMs: 1,
  dpopKey: null,
  expiresAtMs: 2,
  refresh: {
    kind: 'held',
    token: new Secret('old-refresh'),
    issuedAtMs: 1,
    expiresAtMs: null,
    dpopKey: null,
  },
  idToken: null,
  idTokenIssuedAtMs: null,
  scope: 'a b',
  subject: null,
  clockAheadMs: null,
  findings: [],
};
const answer: TokenAnswer = {
  accessToken: new Secret('new-access'),
  tokenType: 'Bearer',
  refreshToken: new Secret('new-refresh'),
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

type Changes = {
  old?: Partial<TokenSet> | null;
  answer?: Partial<TokenAnswer>;
  byRefresh?: boolean;
} & Partial<Update['profile']>;

function found({ old: before = {}, answer: came = {}, byRefresh = true, ...profile }: Changes): string[] {
  const update = {
    profile: testProfile({ scope: 'a b', ...profile }),
    old: before === null ? null : { ...old, ...before },
    answer: { ...answer, ...came },
    byRefresh,
  };
  return updateFindings(update).map(({ code }) => code);
}

const confidential = { kind: 'client_secret_basic', id: 'app', secret: new Secret('s') } as const;
const dpop: Update['profile']['protection'] = {
  pushedRequest: false,
  dpop: { kind: 'on', algorithm: 'ES256' },
  requestObject: { kind: 'none' },
};

describe('what an update shows', () => {
  it('is nothing when all is as it should be', () => {
    expect(found({})).toEqual([]);
    expect(found({ byRefresh: false, old: null })).toEqual([]);
  });

  it.each<[string, Changes, string[]]>([
    ['a clock that is far ahead', { answer: { clockAheadMs: 30_000 } }, ['clock_differs']],
    ['a clock that is far behind', { answer: { clockAheadMs: -3_600_000 } }, ['clock_differs']],
    ['a clock that is near', { answer: { clockAheadMs: 29_999 } }, []],
    [
      'the same access token after a refresh',
      { answer: { accessToken: old.accessToken } },
      ['access_token_repeated'],
    ],
    [
      'the same access token after a grant',
      { answer: { accessToken: old.accessToken }, byRefresh: false },
      [],
    ],
    ['no new refresh token', { answer: { refreshToken: null } }, ['refresh_token_not_rotated']],
    [
      'the same refresh token',
      { answer: { refreshToken: new Secret('old-refresh') } },
      ['refresh_token_not_rotated'],
    ],
    [
      'no new refresh token for a client that proves itself',
      { answer: { refreshToken: null }, client: confidential },
      [],
    ],
    ['no new refresh token that is bound to a key', { answer: { refreshToken: null }, protection: dpop }, []],
    [
      'a bearer token that was asked to be bound to a key',
      { answer: { dpopKey: new Secret('{}') }, protection: dpop },
      ['dpop_ignored'],
    ],
    ['a bound token', { answer: { dpopKey: new Secret('{}'), tokenType: 'dpop' }, protection: dpop }, []],
    ['no refresh token at all', { answer: { refreshToken: null }, old: { refresh: { kind: 'none' } } }, []],
    ['a narrower scope', { answer: { scope: 'b' } }, ['scope_narrowed']],
    [
      "the scope of the person's own parameter",
      {
        answer: { scope: 'c' },
        parameters: [{ name: 'scope', value: 'c', in: 'query', to: ['authorization'] }],
      },
      [],
    ],
    [
      'a narrower scope than at the beginning, as the refresh asked for it',
      {
        answer: { scope: 'a' },
        parameters: [{ name: 'scope', value: 'a', in: 'body', to: ['refresh'] }],
      },
      ['scope_narrowed'],
    ],
    ['the same scope in another order', { answer: { scope: 'b a' } }, []],
    [
      'no refresh token for offline_access',
      { answer: { refreshToken: null }, scope: 'openid offline_access', byRefresh: false, old: null },
      ['refresh_token_withheld'],
    ],
    [
      'no refresh token for access_type=offline',
      {
        answer: { refreshToken: null },
        parameters: [{ name: 'access_type', value: 'offline', in: 'query', to: ['authorization'] }],
        byRefresh: false,
        old: null,
      },
      ['refresh_token_withheld'],
    ],
    [
      'no refresh token that nobody asked for',
      { answer: { refreshToken: null }, byRefresh: false, old: null },
      [],
    ],
  ])('%s', (_, changes, codes) => {
    expect(found(changes)).toEqual(codes);
  });

  it('another subject in the id token of a refresh', async () => {
    const [alice, bob] = [await idToken('alice'), await idToken('bob')];
    const code = 'id_token_subject_changed';
    expect(found({ old: { idToken: alice }, answer: { idToken: bob } })).toEqual([code]);
    expect(found({ old: { idToken: alice }, answer: { idToken: await idToken('alice') } })).toEqual([]);
    expect(found({ old: { idToken: alice }, answer: { idToken: bob }, byRefresh: false })).toEqual([]);
    expect(found({ old: { idToken: new Secret('opaque') }, answer: { idToken: bob } })).toEqual([]);
  });

  it('has words for each, with nothing secret in them', () => {
    for (const { text } of updateAdvice) expect(text('about')).toMatch(/^[A-Z].*\.$/);
  });
});

describe('the findings of a token set', () => {
  const finding = { code: 'x', text: 'X.', source: 'RFC 6749 section 5.1', severity: 'low' } as const;

  it('stay in the vault, are none in what a version before stored, and stand in the status', async () => {
    const set = { ...old, findings: [finding] };
    expect(parseTokenSet(formatTokenSet(set), 'Orders').findings).toEqual([finding]);
    const { findings: _findings, ...before } = JSON.parse(formatTokenSet(set));
    expect(parseTokenSet(JSON.stringify(before), 'Orders').findings).toEqual([]);
    const rig = await startRig();
    const status = tokenStatus(
      rig.subject(),
      { set, sessionKept: false, activity: { kind: 'idle' }, failure: null },
      3,
    );
    expect(status.findings).toEqual([finding]);
  });

  it('are those of the last update, whatever the one before had', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    const got = await service.get(rig.subject());
    expect(got.findings).toEqual([]);
    rig.server.rotates = false;
    const refreshed = await service.refresh(rig.subject());
    expect(refreshed.findings.map(({ code }) => code)).toEqual(['refresh_token_not_rotated']);
    rig.server.rotates = true;
    expect((await service.refresh(rig.subject())).findings).toEqual([]);
  });
});
