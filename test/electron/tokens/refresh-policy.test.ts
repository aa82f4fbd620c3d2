import { describe, expect, test } from 'vitest';
import {
  decide,
  type PolicyAction,
  type PolicyState,
  refreshNowShown,
  refreshShown,
} from '../../../electron/tokens/refresh-policy.ts';

const all = {
  trigger: ['send', 'get', 'refresh', 'renew'],
  mode: ['automatic', 'manual'],
  access: ['usable', 'expired', 'missing'],
  refresh: ['none', 'usable', 'expired', 'refused'],
  repeat: ['silent', 'chained', 'screens', 'elsewhere'],
  hasScript: [true, false],
  trusted: [true, false],
  personPresent: [true, false],
} as const satisfies { [Field in keyof PolicyState]: readonly PolicyState[Field][] };

/** Every state there is that agrees with what is given. */
function statesWith(given: Partial<PolicyState>): PolicyState[] {
  const states: PolicyState[] = [];
  for (const trigger of all.trigger)
    for (const mode of all.mode)
      for (const access of all.access)
        for (const refresh of all.refresh)
          for (const repeat of all.repeat)
            for (const hasScript of all.hasScript)
              for (const trusted of all.trusted)
                for (const personPresent of all.personPresent)
                  states.push({
                    ...{ trigger, mode, access, refresh, repeat },
                    ...{ hasScript, trusted, personPresent },
                  });
  return states.filter((state) =>
    Object.entries({ ...state, ...given }).every(([k, v]) => Reflect.get(state, k) === v),
  );
}

/** The rows of DESIGN.md, the more special first; the first that fits a state tells its action. */
const rows: [name: string, given: Partial<PolicyState>, action: PolicyAction][] = [
  ['send, usable: the token is used', { trigger: 'send', access: 'usable' }, 'use'],
  [
    'send, manual, expired: the token is left alone',
    { trigger: 'send', mode: 'manual', access: 'expired' },
    'send_expired',
  ],
  [
    'send, manual, missing: not sent',
    { trigger: 'send', mode: 'manual', access: 'missing' },
    'fail_token_missing',
  ],
  [
    'send, automatic, refresh token usable: refreshed in the background',
    { trigger: 'send', mode: 'automatic', refresh: 'usable' },
    'refresh',
  ],
  [
    'send, automatic, silent grant: repeated',
    { trigger: 'send', mode: 'automatic', repeat: 'silent' },
    'repeat_grant',
  ],
  [
    'send, automatic, chain of refresh tokens that is broken: says so, and never sends the first one again',
    { trigger: 'send', mode: 'automatic', repeat: 'chained' },
    'fail_refresh_token_spent',
  ],
  [
    'send, automatic, approval on another device: asked for, wherever this runs',
    { trigger: 'send', mode: 'automatic', repeat: 'elsewhere' },
    'consent_elsewhere',
  ],
  [
    'send, automatic, script of a trusted project: consent unattended',
    { trigger: 'send', mode: 'automatic', hasScript: true, trusted: true },
    'consent_unattended',
  ],
  [
    'send, automatic, no script or one that is not trusted, person present: the consent window opens',
    { trigger: 'send', mode: 'automatic', personPresent: true },
    'consent_attended',
  ],
  [
    'send, automatic, script that is not trusted, nobody: project_not_trusted',
    { trigger: 'send', mode: 'automatic', hasScript: true },
    'fail_project_not_trusted',
  ],
  [
    'send, automatic, no script, nobody: consent_required',
    { trigger: 'send', mode: 'automatic' },
    'fail_consent_required',
  ],
  ['get, silent grant: repeated', { trigger: 'get', repeat: 'silent' }, 'repeat_grant'],
  [
    'get, chain of refresh tokens that is broken: says so, and never sends the first one again',
    { trigger: 'get', repeat: 'chained', refresh: 'none' },
    'fail_refresh_token_spent',
  ],
  [
    'get, chain of refresh tokens: the newest is tried, whatever is thought of it',
    { trigger: 'get', repeat: 'chained' },
    'refresh',
  ],
  [
    'get, approval on another device: asked for, wherever this runs',
    { trigger: 'get', repeat: 'elsewhere' },
    'consent_elsewhere',
  ],
  [
    'get, script of a trusted project: consent unattended, in either mode',
    { trigger: 'get', hasScript: true, trusted: true },
    'consent_unattended',
  ],
  [
    'get, no script or one that is not trusted, person present: the consent window opens',
    { trigger: 'get', personPresent: true },
    'consent_attended',
  ],
  [
    'get, script that is not trusted, nobody: project_not_trusted',
    { trigger: 'get', hasScript: true },
    'fail_project_not_trusted',
  ],
  ['get, no script, nobody: consent_required', { trigger: 'get' }, 'fail_consent_required'],
  ['refresh, refresh token usable: refreshed', { trigger: 'refresh', refresh: 'usable' }, 'refresh'],
  [
    'refresh, refused before: tried again, by hand only',
    { trigger: 'refresh', refresh: 'refused' },
    'refresh',
  ],
  ['renew, manual: left alone', { trigger: 'renew', mode: 'manual' }, 'leave'],
  ['renew, refresh token usable: refreshed', { trigger: 'renew', refresh: 'usable' }, 'refresh'],
  ['renew, silent grant: repeated', { trigger: 'renew', repeat: 'silent' }, 'repeat_grant'],
  [
    'renew, else: left alone, for consent and approval never come by themselves',
    { trigger: 'renew' },
    'leave',
  ],
  ['refresh, none or expired: says so', { trigger: 'refresh' }, 'fail_refresh_token_missing'],
];

function rowOf(state: PolicyState): number {
  return rows.findIndex(([, given]) => Object.entries(given).every(([k, v]) => Reflect.get(state, k) === v));
}

describe('the refresh policy', () => {
  test.each(rows)('%s', (name, _given, action) => {
    const states = statesWith({}).filter((state) => rows[rowOf(state)]?.[0] === name);
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) expect({ state, action: decide(state) }).toEqual({ state, action });
  });

  test('has one row for each of all 3072 states', () => {
    const states = statesWith({});
    expect(states).toHaveLength(4 * 2 * 3 * 4 * 4 * 2 * 2 * 2);
    expect(states.filter((state) => rowOf(state) === -1)).toEqual([]);
  });

  test('never sends by itself what was refused, has expired or is not there', () => {
    for (const state of statesWith({ trigger: 'send' })) {
      if (decide(state) === 'refresh') expect([state.mode, state.refresh]).toEqual(['automatic', 'usable']);
    }
  });

  test('never runs a script that is not trusted', () => {
    const actions = statesWith({ trusted: false }).map(decide);
    expect(actions).not.toContain('consent_unattended');
  });

  test('does nothing by itself in Manual mode', () => {
    const actions = statesWith({ trigger: 'send', mode: 'manual' }).map(decide);
    expect(new Set(actions)).toEqual(new Set(['use', 'send_expired', 'fail_token_missing']));
    expect(new Set(statesWith({ trigger: 'renew', mode: 'manual' }).map(decide))).toEqual(new Set(['leave']));
  });
});

test('Refresh shows in Manual mode with a refresh token, "Refresh now" in Automatic mode, never both', () => {
  const kinds = ['none', 'usable', 'expired', 'refused'] as const;
  expect(kinds.map((kind) => refreshShown('manual', kind))).toEqual([false, true, false, true]);
  expect(kinds.map((kind) => refreshNowShown('automatic', kind))).toEqual([false, true, false, true]);
  expect(kinds.some((kind) => refreshShown('automatic', kind) || refreshNowShown('manual', kind))).toBe(
    false,
  );
});

test('Refresh shows exactly when pressing it would ask the server', () => {
  for (const state of statesWith({ trigger: 'refresh', mode: 'manual' })) {
    expect(refreshShown('manual', state.refresh)).toBe(decide(state) === 'refresh');
  }
});
