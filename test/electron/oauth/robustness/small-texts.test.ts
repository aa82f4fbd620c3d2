import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorWords } from '../../../../electron/oauth/error-words.ts';
import { httpDateMs, retryAfterSeconds } from '../../../../electron/oauth/http-date.ts';
import { jwtClaims, subjectOf } from '../../../../electron/oauth/jwt-claims.ts';
import { expiryMs, momentMs } from '../../../../electron/oauth/lifetime.ts';
import { duplicateMember } from '../../../../electron/oauth/quirks/duplicate-members.ts';
import { clockAheadMs } from '../../../../electron/oauth/server-clock.ts';
import { parseChallenges, saysInvalidToken } from '../../../../electron/requests/challenges.ts';
import {
  expectNoSecret,
  hostileJson,
  hostileObject,
  hostileText,
  patience,
  runs,
  sent,
  written,
} from './arbitrary.ts';

const nowMs = Date.UTC(2030, 0, 1);
const tenYearsMs = 10 * 365 * 86_400_000;

function isTime(atMs: number | null): boolean {
  return atMs === null || Number.isSafeInteger(atMs);
}

const claimNames = ['exp', 'iss', 'sub', 'name', 'email', 'preferred_username', 'aud', '__proto__'];
const jwt = fc
  .tuple(written(hostileObject(claimNames)), hostileText(), fc.boolean())
  .map(([claims, other, whole]) =>
    whole
      ? `e30.${Buffer.from(claims).toString('base64url')}.x`
      : `${other}.${Buffer.from(claims).toString('base64')}`,
  );

const dates = fc.oneof(
  hostileText(),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc
    .tuple(fc.constantFrom('Tue, ', 'Tuesday, ', 'Tue '), fc.string({ maxLength: 20 }), fc.nat(99_999))
    .map(([day, middle, year]) => `${day}${middle} 00:00:00 ${year}`),
  fc.nat().map(String),
);

const challenge = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Bearer ',
        'DPoP',
        'error=',
        '"invalid_token"',
        'invalid_token',
        ', ',
        '=',
        '"',
        '\\',
        'realm="a, b"',
      ),
      hostileText(),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('any text', patience, () => {
  it('is a JWT with claims or none, and its subject tells no secret', () => {
    let read = 0;
    fc.assert(
      fc.property(jwt, (token) => {
        const claims = jwtClaims(token);
        if (claims === null) return;
        read += 1;
        expect([claims.sub, claims.iss].every((text) => text === undefined || typeof text === 'string')).toBe(
          true,
        );
        const subject = subjectOf(claims, sent);
        expectNoSecret(subject);
        expect(Array.from(subject ?? '').length).toBeLessThanOrEqual(201);
        expect(isTime(momentMs(claims.exp, nowMs))).toBe(true);
      }),
      runs,
    );
    expect(read).toBeGreaterThan(runs.numRuns / 10);
  });

  it('is a Date, a Retry-After, or nothing', () => {
    fc.assert(
      fc.property(dates, (text) => {
        expect(isTime(httpDateMs(text))).toBe(true);
        expect(isTime(clockAheadMs(text, nowMs - 100, nowMs))).toBe(true);
        const seconds = retryAfterSeconds(text, nowMs);
        expect(seconds === null || (Number.isSafeInteger(seconds) && seconds >= 0)).toBe(true);
      }),
      runs,
    );
  });

  it('is a challenge or none', () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 3 }), (values) => {
        for (const { scheme, parameters } of parseChallenges(values)) {
          expect(scheme).toBe(scheme.toLowerCase());
          expect([...parameters.keys()].every((name) => name === name.toLowerCase())).toBe(true);
        }
        expect(typeof saysInvalidToken(values)).toBe('boolean');
      }),
      runs,
    );
  });
});

describe('any JSON', patience, () => {
  it('is a lifetime within ten years, or none', () => {
    fc.assert(
      fc.property(hostileJson(1), (value) => {
        const atMs = expiryMs(value, nowMs);
        expect(atMs === null || (isTime(atMs) && atMs <= nowMs + tenYearsMs)).toBe(true);
      }),
      runs,
    );
  });

  it('is an error in words that tell no secret, or none', () => {
    const names = [
      ...[
        'error',
        'error_description',
        'errorCode',
        'error_code',
        'message',
        'msg',
        'detail',
        'fault',
        'errors',
      ],
      ...['errcode', 'errmsg', 'code', 'data', '__type', 'type', 'status'],
    ];
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(hostileObject(names), hostileJson()), (json) => {
        const words = errorWords(json, sent);
        if (words.error !== undefined) read += 1;
        expectNoSecret(words);
        expect(Array.from(words.error ?? '').length).toBeLessThanOrEqual(101);
        expect(Array.from(words.description ?? '').length).toBeLessThanOrEqual(501);
      }),
      runs,
    );
    expect(read).toBeGreaterThan(runs.numRuns / 10);
  });

  it('has a name twice or not, and is never a failure', () => {
    fc.assert(
      fc.property(hostileJson(), (value) => {
        expect(duplicateMember(JSON.stringify(value))).toBeNull();
      }),
      runs,
    );
  });
});
