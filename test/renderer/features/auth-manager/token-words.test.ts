import { describe, expect, it } from 'vitest';
import {
  activityWords,
  clockWords,
  formatCountdown,
  needsPerson,
  profileWords,
  refreshTokenWords,
  summarize,
} from '../../../../renderer/features/auth-manager/token-words.ts';
import { newProfile } from '../../../../shared/model/profile.ts';
import { emptyStatus, heldAccess } from '../../fake-engine.ts';

const minute = 60_000;

describe('countdown', () => {
  it.each([
    [0, '0:00'],
    [1, '0:01'],
    [28_000, '0:28'],
    [23 * minute + 41_000, '23:41'],
    [62 * minute + 5_000, '1:02:05'],
    [13 * 24 * 60 * minute + 4 * 60 * minute, '13 d 4 h'],
    [-5_000, '0:00'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(formatCountdown(ms)).toBe(text);
  });
});

describe('token summary', () => {
  const valid = emptyStatus('orders', { access: heldAccess(0, 30 * minute) });

  it('counts a valid token down, and warns in its last minute', () => {
    expect(summarize(valid, 6 * minute)).toMatchObject({ word: 'Valid', short: '24:00', tone: 'good' });
    expect(summarize(valid, 29.5 * minute)).toMatchObject({ short: '0:30', tone: 'warn' });
  });

  it('turns to Expired the moment the usable time is over', () => {
    expect(summarize(valid, 30 * minute - 1).word).toBe('Valid');
    expect(summarize(valid, 30 * minute)).toMatchObject({ word: 'Expired', short: 'expired', leftMs: null });
  });

  it('never shows more than the whole lifetime when this window’s clock tick is older than the token', () => {
    expect(summarize(valid, -3_000).short).toBe('30:00');
  });

  it('has no countdown when the server named no end', () => {
    const endless = emptyStatus('orders', { access: heldAccess(0, null) });
    expect(summarize(endless, 1e12)).toMatchObject({ word: 'Valid', short: 'valid', leftMs: null });
  });

  it('tells an update from waiting for the person', () => {
    const consent = (attended: boolean) =>
      emptyStatus('orders', {
        activity: { kind: 'consent', sinceMs: 0, attended, openUrl: null, question: null },
      });
    expect(summarize(consent(false), 0).word).toBe('Updating…');
    expect(summarize(consent(true), 0).word).toBe('Waiting for you');
    expect(activityWords(consent(true), true)).toBe('Waiting for you at the consent screens');
    const asking = consent(false);
    if (asking.activity.kind === 'consent') {
      asking.activity.question = { id: 'q', origin: 'https://idp.example', words: 'page.fill(…)' };
    }
    expect(summarize(asking, 0).word).toBe('Waiting for you');
    expect(activityWords(asking, true)).toBe('The script waits for your answer');
  });

  it('waits for whoever enters the code, and says who was asked on another device', () => {
    const device = emptyStatus('orders', {
      activity: {
        ...{ kind: 'device', sinceMs: 0, userCode: 'WDJB', verificationUri: 'https://id.example/device' },
        ...{ verificationUriComplete: null, expiresAtMs: minute },
      },
    });
    expect(summarize(device, 0)).toMatchObject({ word: 'Waiting for you', tone: 'wait' });
    expect(activityWords(device, true)).toBe('Waiting for the code to be entered');
    const asked = emptyStatus('orders', {
      activity: { kind: 'backchannel', sinceMs: 0, who: 'ada', bindingMessage: '', expiresAtMs: minute },
    });
    expect(summarize(asked, 0).word).toBe('Updating…');
    expect(activityWords(asked, true)).toBe('Waiting for ada to approve on their device');
  });

  it('shows an update that was just asked for before the engine reports it', () => {
    expect(summarize(valid, 0, true)).toMatchObject({ word: 'Updating…', tone: 'wait' });
    expect(activityWords(valid, true)).toBe('Getting a token…');
  });

  it('says No token without a status, and Stale when the settings have changed', () => {
    expect(summarize(undefined, 0).word).toBe('No token');
    const access = heldAccess(0, minute);
    const stale = emptyStatus('orders', {
      access: { ...access, ...(access.kind === 'held' && { stale: true }) },
    });
    expect(summarize(stale, 0)).toMatchObject({ word: 'Stale (settings changed)', tone: 'warn' });
  });
});

describe('profile in words', () => {
  it('names grant and client authentication', () => {
    expect(profileWords(newProfile('x'))).toBe('Authorization code · public client');
  });

  it('says how the refresh token stands', () => {
    const day = 24 * 60 * minute;
    expect(refreshTokenWords({ kind: 'usable', expiresAtMs: 13.4 * day }, 0)).toBe('13 days left');
    expect(refreshTokenWords({ kind: 'usable', expiresAtMs: 5 }, 10)).toBe('expired');
    expect(refreshTokenWords({ kind: 'refused', reason: 'invalid_request' }, 0)).toBe(
      'refused by the server',
    );
  });

  it('needs the person when it waits, has failed, or expired in Manual mode, and not otherwise', () => {
    const profile = newProfile('x');
    const expired = emptyStatus('x', { access: heldAccess(0, 1) });
    expect(needsPerson(profile, expired, 2)).toBe(false);
    expect(needsPerson({ ...profile, refreshMode: 'manual' }, expired, 2)).toBe(true);
    expect(needsPerson(profile, undefined, 2)).toBe(false);
    const failed = emptyStatus('x', { failure: { code: 'server_unreachable', message: 'gone' } });
    expect(needsPerson(profile, failed, 2)).toBe(true);
  });
});

describe('clocks', () => {
  it.each([
    [null, null],
    [29_999, null],
    [-29_999, null],
    [30_000, "The server's clock is 30 s ahead of this machine's."],
    [240_000, "The server's clock is 4 min ahead of this machine's."],
    [-7_200_000, "The server's clock is 2 h behind this machine's."],
    [3 * 86_400_000, "The server's clock is 3 d ahead of this machine's."],
  ])('a server ahead by %s ms: %s', (ahead, words) => {
    expect(clockWords(ahead)).toBe(words);
  });
});

describe('another process', () => {
  it('is told in the engine’s words', () => {
    const what = 'consent in progress in the desktop app (process 4711)';
    const status = emptyStatus('orders', { activity: { kind: 'elsewhere', sinceMs: 0, what } });
    expect(activityWords(status, true)).toBe('Consent in progress in the desktop app (process 4711)');
    expect(summarize(status, 0).word).toBe('Updating…');
  });
});
