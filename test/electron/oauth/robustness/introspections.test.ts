import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readIntrospection } from '../../../../electron/oauth/introspection.ts';
import { AppError } from '../../../../shared/errors.ts';
import { introspectionSchema } from '../../../../shared/model/token.ts';
import { exchanges } from './answers.ts';
import { expectNoSecret, outcome, patience, runs } from './arbitrary.ts';

it('takes any answer for an introspection, or for an AppError, and tells no secret', patience, async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(exchanges('introspectionUrl'), async (exchange) => {
      const answer = await outcome(() => readIntrospection(exchange, 'access_token'));
      if (answer instanceof AppError) return;
      told += 1;
      introspectionSchema.parse(answer);
      expectNoSecret(answer);
      const cut = answer.claims.map(({ name, value }) => [Array.from(name).length, Array.from(value).length]);
      expect(cut.every(([name = 0, value = 0]) => name <= 81 && value <= 301)).toBe(true);
      const all = answer.claims.map(({ name, value }) => name + value).join('');
      expect(all).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
    runs,
  );
  expect(told).toBeGreaterThan(runs.numRuns / 25);
  expect(told).toBeLessThan(runs.numRuns * 0.95);
});
