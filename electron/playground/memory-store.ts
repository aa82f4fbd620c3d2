import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  expiresAtMs: number;
}

/** Everything one playground remembers. Two playgrounds in a process share nothing. */
export interface MemoryStore {
  /** What oidc-provider asks for: the storage of one of its models. */
  adapter(model: string): Adapter;
  /** Forgets everything. */
  clear(): void;
}

/** The least recently used entries go first beyond this, so that a long run cannot fill the memory. */
const mostEntries = 20_000;

/**
 * Makes an empty store. `now` is in milliseconds: a token dies by this clock, exactly on time. oidc-provider itself
 * counts in whole seconds and would end it up to a second early, so it is shown one second more.
 */
export function createMemoryStore(now: () => number): MemoryStore {
  const entries = new Map<string, Entry>();

  function find(key: string): Entry | undefined {
    const entry = entries.get(key);
    entries.delete(key);
    if (entry === undefined || entry.expiresAtMs <= now()) return undefined;
    entries.set(key, entry);
    return entry;
  }

  function adapter(model: string): Adapter {
    const keyOf = (id: string) => `${model}:${id}`;
    return {
      async upsert(id, payload, expiresIn) {
        // oidc-provider's own login session is never kept: two flows in one browser, each with its own user, have
        // nothing in common that could be mixed up. What a browser may keep is in kept-sessions.ts.
        if (model === 'Session') return;
        const exp = payload.exp === undefined ? {} : { exp: payload.exp + 1 };
        const expiresAtMs = expiresIn === undefined ? Number.POSITIVE_INFINITY : now() + expiresIn * 1000;
        entries.delete(keyOf(id));
        entries.set(keyOf(id), { payload: { ...payload, ...exp }, expiresAtMs });
        const [oldest] = entries.keys();
        if (entries.size > mostEntries && oldest !== undefined) entries.delete(oldest);
      },
      async find(id) {
        const entry = find(keyOf(id));
        return entry && structuredClone(entry.payload);
      },
      async consume(id) {
        const entry = find(keyOf(id));
        if (entry !== undefined) entry.payload.consumed = Math.floor(now() / 1000);
      },
      async destroy(id) {
        entries.delete(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
      },
      // Device codes and sessions of oidc-provider alone are found these two ways; there are neither.
      async findByUid() {},
      async findByUserCode() {},
    };
  }

  return { adapter, clear: () => entries.clear() };
}
