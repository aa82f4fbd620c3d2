import { assertNever } from '../../../../shared/errors.ts';
import type { AssertionAudience, Client, ClientAuthenticationKind } from '../../../../shared/model/client.ts';
import type { SigningKey } from '../../../../shared/model/signing-key.ts';
import { noKey } from './key-form.ts';

type Of<Kind extends ClientAuthenticationKind> = Extract<Client, { kind: Kind }>;

/** The client, complete whatever the authentication. */
export interface ClientForm {
  clientKind: ClientAuthenticationKind;
  clientId: string;
  clientSecret: string;
  basicEncoding: Of<'client_secret_basic'>['encoding'];
  secretAlgorithm: Of<'client_secret_jwt'>['algorithm'];
  clientKey: SigningKey;
  clientAssertionAudience: AssertionAudience;
}

/** What stands in the fields of an authentication that is chosen for the first time. */
export const unusedClient: Omit<ClientForm, 'clientKind' | 'clientId'> = {
  clientSecret: '',
  basicEncoding: 'form',
  secretAlgorithm: 'HS256',
  clientKey: noKey,
  clientAssertionAudience: 'token_endpoint',
};

function fieldsOf(client: Client): Partial<ClientForm> {
  switch (client.kind) {
    case 'none':
    case 'tls_client_auth':
      return {};
    case 'client_secret_post':
      return { clientSecret: client.secret };
    case 'client_secret_basic':
      return { clientSecret: client.secret, basicEncoding: client.encoding };
    case 'client_secret_jwt':
      return {
        clientSecret: client.secret,
        secretAlgorithm: client.algorithm,
        clientAssertionAudience: client.audience,
      };
    case 'private_key_jwt':
      return { clientKey: client.key, clientAssertionAudience: client.audience };
    default:
      return assertNever(client);
  }
}

/** The form of a client. */
export function clientForm(client: Client): ClientForm {
  return { ...unusedClient, ...fieldsOf(client), clientKind: client.kind, clientId: client.id };
}

/** The client that the form comes to. */
export function clientOf(form: ClientForm): Client {
  const { clientKind: kind, clientId: id, clientSecret: secret, clientAssertionAudience: audience } = form;
  switch (kind) {
    case 'none':
    case 'tls_client_auth':
      return { kind, id };
    case 'client_secret_post':
      return { kind, id, secret };
    case 'client_secret_basic':
      return { kind, id, secret, encoding: form.basicEncoding };
    case 'client_secret_jwt':
      return { kind, id, secret, algorithm: form.secretAlgorithm, audience };
    case 'private_key_jwt':
      return { kind, id, key: form.clientKey, audience };
    default:
      return assertNever(kind);
  }
}
