import type { Connections } from '../network/connections.ts';
import { networkKey, type ResolvedNetwork } from '../network/resolved-network.ts';
import { createOAuthContext, type OAuthContext } from './context.ts';
import { createOAuthFetch } from './fetch.ts';

/** The contexts of the protocol, one for each way to servers. */
export interface OAuthContexts {
  /**
   * For requests that go by a network. What was discovered by one is not known to another: without a check of
   * certificates anybody may have answered.
   */
  for(network: ResolvedNetwork): OAuthContext;
}

/** Beyond this the one that was made first goes: its settings have been changed since. */
const keptContexts = 50;

/** Makes contexts that share the connections of one engine. */
export function createOAuthContexts(parts: { connections: Connections; now: () => number }): OAuthContexts {
  const { connections, now } = parts;
  const contexts = new Map<string, OAuthContext>();
  return {
    for(network) {
      const key = networkKey(network);
      const kept = contexts.get(key);
      if (kept !== undefined) return kept;
      const made = createOAuthContext({ fetch: createOAuthFetch({ network, connections }), now });
      contexts.set(key, made);
      const [oldest] = contexts.keys();
      if (contexts.size > keptContexts && oldest !== undefined) contexts.delete(oldest);
      return made;
    },
  };
}
