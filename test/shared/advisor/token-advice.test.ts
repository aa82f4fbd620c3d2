import { expect, it } from 'vitest';
import { adviseToken } from '../../../shared/advisor/token-advice.ts';
import type { TokenStatus } from '../../../shared/model/token.ts';
import { emptyStatus } from '../../renderer/fake-engine.ts';

const issuedAtMs = 1_000;
const hour = 3_600_000;

/** What is told of an access token that lives so long; null: without a known end. */
function advice(lifeMs: number | null, changes: Partial<TokenStatus> = {}, stale = false) {
  const expiresAtMs = lifeMs === null ? null : issuedAtMs + lifeMs;
  const access: TokenStatus['access'] = {
    ...{ kind: 'held', masked: 'x', tokenType: 'Bearer', issuedAtMs, expiresAtMs },
    ...{ usableUntilMs: expiresAtMs, scope: [], subject: null, stale },
  };
  return adviseToken(emptyStatus('orders', { access, ...changes }));
}

it.each<[string, number | null, string[]]>([
  ['an hour', hour, []],
  ['an hour and what measuring takes', hour + 30_000, []],
  ['two hours', 2 * hour, ['access_token_long']],
  ['a day', 24 * hour, ['access_token_long']],
  ['a month', 30 * 24 * hour, ['access_token_very_long']],
  ['no end', null, ['access_token_endless']],
])('an access token of %s', (_, lifeMs, expected) => {
  expect(advice(lifeMs).map(({ code }) => code)).toEqual(expected);
});

it('says how long', () => {
  expect(advice(8 * hour)[0]?.text).toContain('lives for 8 hours');
  expect(advice(60 * 24 * hour)[0]?.text).toContain('lives for 60 days');
});

it('puts what the last update showed among the rest, the gravest first; with no token it says nothing', () => {
  const found = (severity: 'note' | 'high') =>
    ({ code: severity, text: 'X.', source: 'RFC 6749 section 5.1', severity }) as const;
  const findings = [found('note'), found('high')];
  const codes = (stale: boolean) => advice(null, { findings }, stale).map(({ code }) => code);
  expect(codes(false)).toEqual(['high', 'access_token_endless', 'note']);
  expect(codes(true)).toEqual(['high', 'note']);
  expect(adviseToken(emptyStatus('orders', { findings }))).toEqual([]);
});

it('tells how the server told of a failure', () => {
  const finding = {
    code: 'error_renamed',
    text: 'X.',
    source: 'RFC 6749 section 5.2',
    severity: 'low',
  } as const;
  const failure: TokenStatus['failure'] = {
    code: 'refresh_refused',
    message: 'No.',
    server: { findings: [finding] },
  };
  expect(adviseToken(emptyStatus('orders', { failure }))).toEqual([finding]);
});
