import type { Network } from './network.ts';
import type { Profile } from './profile.ts';

/**
 * What stands in a profile wherever only a secret can (`secretReferenceSchema`): `{{name}}` each, or empty. A value from
 * outside that is given for such a name is a secret too, so a field that is missing here would be printed.
 */
export function profileSecrets({ client, grant, protection, personas }: Profile): string[] {
  const { requestObject } = protection;
  const keys = [
    ...(client.kind === 'private_key_jwt' ? [client.key] : []),
    ...(grant.kind === 'jwt_bearer' && grant.assertion.kind === 'signed' ? [grant.assertion.key] : []),
    ...(requestObject.kind === 'signed' ? [requestObject.key] : []),
  ];
  const values = personas.flatMap((persona) => persona.values);
  return [
    ...('secret' in client ? [client.secret] : []),
    ...keys.flatMap(({ key, passphrase }) => [key, passphrase]),
    ...(grant.kind === 'refresh_token' ? [grant.refreshToken] : []),
    ...(grant.kind === 'token_exchange' ? [grant.subjectToken, grant.actorToken] : []),
    ...(grant.kind === 'jwt_bearer' && grant.assertion.kind === 'given' ? [grant.assertion.assertion] : []),
    ...values.filter((value) => value.kind === 'secret').map((value) => value.value),
  ];
}

/** The same of a project's way to its servers. */
export function networkSecrets({ proxy, clientCertificates }: Network): string[] {
  return [
    ...(proxy.kind === 'custom' ? [proxy.password] : []),
    ...clientCertificates.flatMap(({ certificate, key, passphrase }) => [certificate, key, passphrase]),
  ];
}
