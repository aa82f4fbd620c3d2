import type { Client } from '../../shared/model/client.ts';
import type { Assertion, Grant } from '../../shared/model/grant.ts';
import type { Parameter } from '../../shared/model/parameter.ts';
import type { AuthorizationServer } from '../../shared/model/profile.ts';
import type { Protection } from '../../shared/model/protection.ts';
import type { SigningAlgorithm } from '../../shared/model/signing-key.ts';
import type { Secret } from '../../shared/secret.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';

/** A private key to sign with, as it was stored: PEM, JWK or PKCS#12 in base64. */
export interface ResolvedKey {
  key: Secret;
  /** Empty: none. */
  passphrase: Secret;
  algorithm: SigningAlgorithm;
  /** Empty: the JWK's own, else none. */
  keyId: string;
}

type ClientOf<Kind extends Client['kind']> = Extract<Client, { kind: Kind }>;

/** A client with its variables filled in; the names are RFC 7591's `token_endpoint_auth_method`. */
export type ResolvedClient =
  | ClientOf<'none' | 'tls_client_auth'>
  | {
      kind: 'client_secret_basic';
      id: string;
      secret: Secret /** Default: `form`. */;
      encoding?: 'form' | 'raw';
    }
  | (Omit<ClientOf<'client_secret_post'>, 'secret'> & { secret: Secret })
  | (Omit<ClientOf<'client_secret_jwt'>, 'secret'> & { secret: Secret })
  | (Omit<ClientOf<'private_key_jwt'>, 'key'> & { key: ResolvedKey });

/** The JWT of RFC 7523 section 2.1, or what it is made of. */
export type ResolvedAssertion =
  | (Omit<Extract<Assertion, { kind: 'signed' }>, 'key'> & { key: ResolvedKey })
  | { kind: 'given'; assertion: Secret };

type GrantOf<Kind extends Grant['kind']> = Extract<Grant, { kind: Kind }>;

export type ResolvedGrant =
  | GrantOf<'authorization_code'>
  | GrantOf<'implicit'>
  | GrantOf<'client_credentials'>
  | GrantOf<'device_code'>
  | GrantOf<'ciba'>
  | (GrantOf<'password'> & { username: string | Secret; password: Secret })
  | { kind: 'refresh_token'; refreshToken: Secret }
  | { kind: 'jwt_bearer'; assertion: ResolvedAssertion }
  | (Omit<GrantOf<'token_exchange'>, 'subjectToken' | 'actorToken'> & {
      subjectToken: Secret;
      /** Empty: there is no actor. */
      actorToken: Secret;
    });

export type ResolvedProtection = Omit<Protection, 'requestObject' | 'dpop'> & {
  dpop:
    | { kind: 'off' }
    | {
        kind: 'on';
        algorithm: SigningAlgorithm;
        /** Of the token set that is refreshed (see `newDpopKey`); absent: the tokens that are asked for get a new one. */
        key?: Secret;
      };
  requestObject: { kind: 'none' } | { kind: 'signed'; key: ResolvedKey };
};

/** A profile with every variable filled in: all that the protocol needs to know of it. */
export interface ResolvedProfile {
  id: string;
  name: string;
  grant: ResolvedGrant;
  /** A URL left empty is taken from the issuer's discovery document. */
  server: AuthorizationServer;
  client: ResolvedClient;
  /** Empty sends no scope parameter. */
  scope: string;
  /** Added to the requests that each names. */
  parameters: readonly Parameter[];
  protection: ResolvedProtection;
  /** Empty: none is sent. */
  postLogoutRedirectUri: string;
  /** How its servers are reached: read when it is first asked for, and the same from then on. */
  network: () => Promise<ResolvedNetwork>;
  /** What else may stand in no text, should a server know it and say it: the persona's secrets, the tokens that are held. */
  hidden: readonly Secret[];
}
