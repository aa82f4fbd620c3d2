import { defineConfig } from 'vitest/config';

/** The kinds of test, each a folder or a few; `npm test` runs them in this order and counts each. */
const kinds = {
  unit: { include: ['test/{shared,electron,renderer,scripts}/**/*.test.{ts,tsx}'], testTimeout: 30_000 },
  architecture: { include: ['test/architecture/**/*.test.ts'], testTimeout: 60_000 },
  contract: { include: ['test/contract/**/*.test.ts'], testTimeout: 60_000 },
  integration: { include: ['test/integration/**/*.test.ts'], testTimeout: 60_000 },
  e2e: { include: ['test/e2e/**/*.test.ts'], testTimeout: 120_000 },
  /** No test: takes the pictures of the documents, see `npm run pictures`. */
  pictures: { include: ['test/pictures/**/*.test.ts'], testTimeout: 240_000, fileParallelism: false },
};

/** How long `expect.poll` waits for what comes within milliseconds, however busy the machine is. */
const soon = { expect: { poll: { timeout: 10_000, interval: 20 } } };

export default defineConfig({
  test: {
    projects: Object.entries(kinds).map(([name, kind]) => ({
      test: { name, environment: 'node', hookTimeout: 120_000, ...soon, ...kind },
    })),
  },
});
