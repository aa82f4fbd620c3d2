import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  type PlaygroundFailure,
  type PlaygroundSettings,
  playgroundSettingsSchema,
} from '../../../shared/model/playground.ts';
import type { BrowserlessFlow } from '../../fixtures/playground-browserless.ts';
import { obtainTokens, orders, type PlaygroundTokens } from '../../fixtures/playground-tokens.ts';

/** One playground for the tests of a file. */
export interface SharedPlayground {
  readonly url: string;
  status(): ReturnType<Playground['status']>;
  /** Gives it these settings, the others as they are at its start; each test begins with none. */
  configure(settings: Partial<PlaygroundSettings>): void;
  fail(failure: PlaygroundFailure): void;
  /** Its clock ahead of the system's, in milliseconds; never set back. */
  clock: { aheadMs: number };
  obtain(flow?: Partial<BrowserlessFlow>): Promise<PlaygroundTokens>;
  /** Calls its API. */
  orders(accessToken: string): Promise<Response>;
}

/** Starts it before the tests, and stops it after them. */
export function sharedPlayground(): SharedPlayground {
  let started: Playground | undefined;
  const clock = { aheadMs: 0 };
  const running = () => {
    if (started === undefined) throw new Error('It has not started.');
    return started;
  };
  const configure = (settings: Partial<PlaygroundSettings>) =>
    running().configure(playgroundSettingsSchema.parse(settings));
  beforeAll(async () => {
    started = await startPlayground({ now: () => Date.now() + clock.aheadMs });
  });
  afterAll(() => started?.stop());
  beforeEach(() => configure({}));
  return {
    get url() {
      return running().url;
    },
    status: () => running().status(),
    configure,
    fail: (failure) => configure({ failure }),
    clock,
    obtain: (flow = {}) => obtainTokens({ playgroundUrl: running().url, ...flow }),
    orders: (accessToken) => orders(running().url, accessToken),
  };
}

export async function expectInvalidGrant(response: Response): Promise<void> {
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'invalid_grant', error_description: expect.any(String) },
  ]);
}
