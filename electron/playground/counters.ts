import { z } from 'zod';
import type { PlaygroundCounters } from '../../shared/model/playground.ts';

/** Counts the calls of one playground. */
export interface CallCounter {
  /** Counts a call of the token endpoint; one for a grant that the playground does not know is left out. */
  countGrant(grantType: string | null): void;
  count(what: 'revocation' | 'introspection' | 'refused' | 'reused'): void;
  countApi(unauthorized: boolean): void;
  read(): PlaygroundCounters;
}

const countedGrantSchema = z.enum(['authorization_code', 'refresh_token', 'client_credentials', 'password']);

/** Starts counting at zero; `changed` is called after each count. */
export function createCallCounter(changed: () => void): CallCounter {
  const counters: PlaygroundCounters = {
    authorization_code: 0,
    refresh_token: 0,
    client_credentials: 0,
    password: 0,
    revocation: 0,
    introspection: 0,
    refused: 0,
    reused: 0,
    api: 0,
    apiUnauthorized: 0,
  };
  function add(...names: readonly (keyof PlaygroundCounters)[]): void {
    for (const name of names) counters[name] += 1;
    changed();
  }
  return {
    countGrant(grantType) {
      const grant = countedGrantSchema.safeParse(grantType);
      if (grant.success) add(grant.data);
    },
    count: add,
    countApi: (unauthorized) => add('api', ...(unauthorized ? (['apiUnauthorized'] as const) : [])),
    read: () => ({ ...counters }),
  };
}
