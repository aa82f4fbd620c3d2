import { AppError } from '../../shared/errors.ts';
import { targetOf } from '../network/host-pattern.ts';
import { certificateFor } from '../network/tls-settings.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/**
 * Refuses to send a request of a client that a certificate proves (RFC 8705 section 2) where the project has none to show:
 * many servers would only say that they do not know the client. Throws `client_certificate_required`, naming the host.
 */
export async function assertCertificate(
  { id, name, client, network }: ResolvedProfile,
  url: string,
): Promise<void> {
  const { protocol, host } = new URL(url);
  // Without TLS somebody in front of the server may vouch for the client.
  if (client.kind !== 'tls_client_auth' || protocol !== 'https:') return;
  if (certificateFor(await network(), targetOf(new URL(url))) !== null) return;
  throw new AppError(
    'client_certificate_required',
    `The client of the profile "${name}" proves itself with a certificate, and the project has none for ${host}.`,
    {
      action: 'Add one for this host: Network in the menu of the project.',
      details: { profile: id, field: 'client.kind', host },
    },
  );
}
