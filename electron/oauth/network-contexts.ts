import type { Connections } from '../network/connections.ts';
import { keptMap } from '../network/kept-map.ts';
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

/** With one goes what it has discovered, and its nonces. */
const keptContexts = 50;

/** Makes contexts that share the connections of one engine. */
export function createOAuthContexts(parts: { connections: Connections; now: () => number }): OAuthContexts {
  const { connections, now } = parts;
  const contexts = keptMap<OAuthContext>(keptContexts);
  return {
    for: (network) =>
      contexts.take(networkKey(network), () =>
        createOAuthContext({ fetch: createOAuthFetch({ network, connections }), now }),
      ),
  };
}
