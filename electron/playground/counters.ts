import { z } from 'zod';
import type { PlaygroundCounters } from '../../shared/model/playground.ts';

/** Counts the calls of one playground. */
export interface CallCounter {
  /** Counts a call of the token endpoint; one for a grant that the playground does not know is left out. */
  count(grantType: string | null): void;
  countApi(unauthorized: boolean): void;
  read(): PlaygroundCounters;
}

const countedGrantSchema = z.enum(['authorization_code', 'refresh_token', 'client_credentials']);

/** Starts counting at zero; `changed` is called after each count. */
export function createCallCounter(changed: () => void): CallCounter {
  const counters: PlaygroundCounters = {
    authorization_code: 0,
    refresh_token: 0,
    client_credentials: 0,
    api: 0,
    apiUnauthorized: 0,
  };
  return {
    count(grantType) {
      const grant = countedGrantSchema.safeParse(grantType);
      if (!grant.success) return;
      counters[grant.data] += 1;
      changed();
    },
    countApi(unauthorized) {
      counters.api += 1;
      if (unauthorized) counters.apiUnauthorized += 1;
      changed();
    },
    read: () => ({ ...counters }),
  };
}
