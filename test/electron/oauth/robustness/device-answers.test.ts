import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDeviceAuthorization } from '../../../../electron/oauth/grants/device-code.ts';
import { AppError } from '../../../../shared/errors.ts';
import { exchanges, nowMs } from './answers.ts';
import { expectNoSecret, outcome, patience, runs } from './arbitrary.ts';

it('takes any answer for a code to show, or for an AppError, and shows no secret', patience, async () => {
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(exchanges('deviceAuthorizationUrl'), async (exchange) => {
      const answer = await outcome(() => readDeviceAuthorization(exchange));
      if (answer instanceof AppError) return;
      shown += 1;
      const { deviceCode: _hidden, ...rest } = answer;
      expectNoSecret(rest);
      for (const url of [rest.verificationUri, rest.verificationUriComplete ?? rest.verificationUri])
        expect(new URL(url).protocol).toMatch(/^https?:$/);
      expect(rest.userCode).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(rest.intervalMs).toBeGreaterThanOrEqual(1_000);
      expect(rest.expiresAtMs).toBeGreaterThan(nowMs);
    }),
    runs,
  );
  expect(shown).toBeGreaterThan(runs.numRuns / 50);
  expect(shown).toBeLessThan(runs.numRuns * 0.95);
});
