import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTokenResponse } from '../../../../electron/oauth/token-response.ts';
import { AppError } from '../../../../shared/errors.ts';
import { findingSchema } from '../../../../shared/model/finding.ts';
import { redactedAnswerSchema } from '../../../../shared/model/token.ts';
import { Secret } from '../../../../shared/secret.ts';
import { exchanges } from './answers.ts';
import { expectNoSecret, outcome, patience, runs } from './arbitrary.ts';

const nonces = fc.option(fc.constant(new Secret('marker3')), { freq: 4 });

it(
  'takes any answer for tokens that can be used, or for an AppError, and tells no secret',
  patience,
  async () => {
    let tokens = 0;
    let findings = 0;
    await fc.assert(
      fc.asyncProperty(exchanges('tokenUrl'), nonces, async (exchange, nonce) => {
        const answer = await outcome(() => readTokenResponse(exchange, nonce));
        if (answer instanceof AppError) return;
        tokens += 1;
        findings += answer.findings.length;
        expect(answer.accessToken.reveal()).toMatch(/^[\x20-\x7e]+$/);
        expect(answer.tokenType).toMatch(/^[\w!#$%&'*+.^`|~-]{1,40}$/);
        const times = [answer.accessExpiresAtMs, answer.refreshExpiresAtMs, answer.clockAheadMs];
        expect(times.every((atMs) => atMs === null || Number.isFinite(atMs))).toBe(true);
        redactedAnswerSchema.parse(answer.redacted);
        expect(answer.redacted.fields.length).toBeLessThanOrEqual(40);
        for (const finding of answer.findings)
          expect(findingSchema.parse(finding).text.length).toBeLessThan(1_000);
        const shown = { redacted: answer.redacted, findings: answer.findings };
        expectNoSecret(shown);
        expect(JSON.stringify(shown)).not.toMatch(/at-4711|eyJleHAi/);
      }),
      runs,
    );
    expect(tokens).toBeGreaterThan(runs.numRuns / 25);
    expect(tokens).toBeLessThan(runs.numRuns * 0.95);
    expect(findings).toBeGreaterThan(tokens);
  },
);

const large = [
  '<',
  '<p>',
  '<p',
  '{',
  '[',
  '"',
  '\\',
  '&',
  '&quot;',
  'a=1&',
  'access_token=x&',
  ' ',
  '\n',
  'a(',
  '/*',
  ',',
  ':',
];
const wraps: [string, string][] = [
  ['', ''],
  ['<p>', '</p>'],
  ['<html><head>', '{"access_token":"x"}'],
  ['callback({"access_token":"x"}', ')'],
  ['{"access_token":"', '"}'],
  ['[{"data":', '}]'],
];

it('comes to an end on answers as large as are taken', patience, async () => {
  for (const piece of large) {
    for (const [before, after] of wraps) {
      const text = `${before}${piece.repeat(1_900_000 / piece.length)}${after}`;
      const [exchange] = fc.sample(exchanges('tokenUrl'), { numRuns: 1, seed: runs.seed });
      if (exchange === undefined) throw new Error('there is no exchange');
      const response = new Response(text, { headers: { 'content-type': 'text/html' } });
      await outcome(() => readTokenResponse({ ...exchange, response }, null));
    }
  }
});
