import { type GrantKind, grantPresence, isRedirectGrant } from '../../../../shared/model/grant.ts';
import type { ParameterTarget } from '../../../../shared/model/parameter.ts';
import type { AuthorizationServer } from '../../../../shared/model/profile.ts';
import type { ProfileForm } from '../profile-form.ts';

/** A URL of the server that has a field of its own. */
export type Endpoint = Exclude<keyof AuthorizationServer, 'issuer'>;

/** Which fields a grant uses; the form shows these alone. */
export interface Uses {
  /** The endpoints that the grant goes to, in this order. */
  endpoints: readonly Endpoint[];
  /** A browser comes back to a redirect URI. */
  redirect: boolean;
  /** A person or a script works pages. */
  screens: boolean;
  clientAuthentication: boolean;
  /** Requests of the protocol that parameters can go to. */
  targets: readonly ParameterTarget[];
  dpop: boolean;
  /** The server may give a refresh token. */
  refreshToken: boolean;
  /** An ID token can come, where `openid` is asked for. */
  idToken: boolean;
}

const own = {
  authorization_code: ['authorizationUrl', 'tokenUrl'],
  implicit: ['authorizationUrl'],
  password: ['tokenUrl'],
  client_credentials: ['tokenUrl'],
  refresh_token: ['tokenUrl'],
  device_code: ['deviceAuthorizationUrl', 'tokenUrl'],
  jwt_bearer: ['tokenUrl'],
  token_exchange: ['tokenUrl'],
  ciba: ['backchannelAuthenticationUrl', 'tokenUrl'],
} as const satisfies Record<GrantKind, readonly Endpoint[]>;

/** Which fields a form uses, by its grant and what is switched on. */
export function usesOf({ grantKind, pushedRequest }: Pick<ProfileForm, 'grantKind' | 'pushedRequest'>): Uses {
  const redirect = isRedirectGrant({ kind: grantKind });
  const tokenRequest = grantKind !== 'implicit';
  const begins = grantPresence[grantKind] !== 'silent';
  const pushed = redirect && pushedRequest;
  return {
    endpoints: pushed ? [...own[grantKind], 'pushedAuthorizationUrl'] : own[grantKind],
    redirect,
    screens: grantPresence[grantKind] === 'screens',
    clientAuthentication: tokenRequest || pushed,
    targets: [
      ...(begins ? (['authorization'] as const) : []),
      ...(tokenRequest ? (['token', 'refresh'] as const) : []),
    ],
    dpop: tokenRequest,
    refreshToken: tokenRequest,
    idToken: grantKind !== 'client_credentials' && grantKind !== 'jwt_bearer',
  };
}
