import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { readApproval } from '../../../../electron/oauth/approval.ts';
import { readPushedAnswer } from '../../../../electron/oauth/pushed-request.ts';
import { AppError } from '../../../../shared/errors.ts';
import { findingSchema } from '../../../../shared/model/finding.ts';
import { exchanges, nowMs } from './answers.ts';
import { expectNoSecret, outcome, patience, runs } from './arbitrary.ts';

const dayMs = 86_400_000;

it(
  'takes any answer for an approval that ends, or for an AppError, and tells no secret',
  patience,
  async () => {
    const schema = z.object({ device_code: z.string().min(1) });
    let approvals = 0;
    await fc.assert(
      fc.asyncProperty(exchanges('deviceAuthorizationUrl'), async (exchange) => {
        const found = await outcome(() => readApproval(exchange, schema));
        if (found instanceof AppError) return;
        approvals += 1;
        const { expiresAtMs, intervalMs } = found.times;
        expect(expiresAtMs > nowMs && expiresAtMs <= nowMs + dayMs).toBe(true);
        expect(intervalMs >= 1000 && Number.isFinite(intervalMs)).toBe(true);
        for (const finding of found.findings) findingSchema.parse(finding);
        expectNoSecret(found.findings);
        expect(JSON.stringify(found.findings)).not.toContain('at-4711');
      }),
      runs,
    );
    expect(approvals).toBeGreaterThan(runs.numRuns / 50);
  },
);

it('takes any answer for a request_uri, or for an AppError, and tells no secret', patience, async () => {
  let pushed = 0;
  await fc.assert(
    fc.asyncProperty(exchanges('pushedAuthorizationUrl'), async (exchange) => {
      const uri = await outcome(() => readPushedAnswer(exchange));
      if (uri instanceof AppError) return;
      pushed += 1;
      expect(uri.length > 0 && uri.length <= 2000).toBe(true);
    }),
    runs,
  );
  expect(pushed).toBeGreaterThan(runs.numRuns / 50);
});
