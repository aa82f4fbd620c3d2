import type { ResolvedNetwork } from '../network/resolved-network.ts';
import type { OAuthContext } from '../oauth/context.ts';
import type { OAuthContexts } from '../oauth/network-contexts.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';

/** A profile whose servers can be spoken to. */
export interface Reached {
  /** Hides the secrets of its network too: a proxy may repeat them in place of an answer. */
  profile: ResolvedProfile;
  network: ResolvedNetwork;
  /** The protocol by that network. */
  context: OAuthContext;
}

/** Reads a profile's network, where that was not done yet. */
export type Reach = (profile: ResolvedProfile) => Promise<Reached>;

/** Joins profiles to the protocol by their own ways to servers. */
export function createReach(contexts: Pick<OAuthContexts, 'for'>): Reach {
  return async (profile) => {
    const network = await profile.network();
    const hidden = [...profile.hidden, ...network.secrets];
    return { profile: { ...profile, hidden }, network, context: contexts.for(network) };
  };
}
