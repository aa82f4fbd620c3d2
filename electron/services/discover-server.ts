import { discover } from '../oauth/discovery.ts';
import type { OAuthContexts } from '../oauth/network-contexts.ts';
import { resolveTemplate } from '../requests/variables.ts';
import type { Scope } from './scope.ts';
import { networkIn } from './subjects.ts';
import type { Variables } from './variables.ts';

/**
 * Discovers the server of a profile that need not be saved, in a scope; no secret of its issuer or of the network stands in
 * what it throws. Throws what `discover` and the lookup throw.
 */
export async function discoverServer(
  { issuer, verifyTls }: { issuer: string; verifyTls: boolean },
  scope: Scope,
  variables: Pick<Variables, 'lookupIn'>,
  contexts: Pick<OAuthContexts, 'for'>,
): ReturnType<typeof discover> {
  const { text, secrets } = await resolveTemplate(issuer, variables.lookupIn(scope));
  const network = { ...(await networkIn(scope, variables)), verifyTls };
  return discover(text, contexts.for(network), undefined, [...secrets, ...network.secrets]);
}
