import type { Secret } from '../../shared/secret.ts';

/** A client with its variables filled in; the names are RFC 7591's `token_endpoint_auth_method`. */
export type ResolvedClient =
  | { kind: 'none'; id: string }
  | { kind: 'client_secret_basic'; id: string; secret: Secret }
  | { kind: 'client_secret_post'; id: string; secret: Secret };

export type ResolvedGrant =
  | { kind: 'authorization_code'; redirectUri: string }
  | {
      kind: 'password';
      username: string | Secret;
      password: Secret;
      /** The names of the persona's values that the two were taken from. */
      userValue: string;
      passwordValue: string;
    }
  | { kind: 'client_credentials' };

/** A profile with every variable filled in: all that the protocol needs to know of it. */
export interface ResolvedProfile {
  id: string;
  name: string;
  grant: ResolvedGrant;
  /** A URL left empty is taken from the issuer's discovery document. */
  server: {
    issuer: string;
    authorizationUrl: string;
    tokenUrl: string;
    revocationUrl: string;
    introspectionUrl: string;
    endSessionUrl: string;
  };
  client: ResolvedClient;
  /** Empty sends no scope parameter. */
  scope: string;
  /** Empty: none is sent. */
  postLogoutRedirectUri: string;
  /** What else may stand in no text, should a server know it and say it: the persona's secrets, the tokens that are held. */
  hidden: readonly Secret[];
}
