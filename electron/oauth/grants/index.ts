import type { GrantKind } from '../../../shared/model/grant.ts';
import { exchangeCode } from './authorization-code.ts';
import { awaitBackchannelToken, startBackchannelAuthentication } from './ciba.ts';
import { clientCredentials } from './client-credentials.ts';
import { awaitDeviceToken, startDeviceAuthorization } from './device-code.ts';
import { implicitGrant } from './implicit.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { passwordGrant } from './password.ts';
import { refreshTokenGrant, refreshTokens } from './refresh-token.ts';
import { tokenExchange } from './token-exchange.ts';

export type { DeviceAuthorization } from './device-code.ts';
export { clientCredentials, exchangeCode, passwordGrant, refreshTokenGrant, refreshTokens };

/**
 * How a grant comes to its tokens: by a consent, from its redirect; by a request alone; or by a code or a question that
 * somebody answers on another device, while the server is asked for the token.
 */
export type GrantRoute =
  | { kind: 'consent'; finish: typeof exchangeCode }
  | { kind: 'silent'; request: typeof clientCredentials }
  | { kind: 'device'; start: typeof startDeviceAuthorization; finish: typeof awaitDeviceToken }
  | {
      kind: 'backchannel';
      start: typeof startBackchannelAuthentication;
      finish: typeof awaitBackchannelToken;
    };

/** Every grant, one row each. Refreshing is not one of them: `refreshTokens` serves all. */
export const grants = {
  authorization_code: { kind: 'consent', finish: exchangeCode },
  implicit: { kind: 'consent', finish: implicitGrant },
  password: { kind: 'silent', request: passwordGrant },
  client_credentials: { kind: 'silent', request: clientCredentials },
  refresh_token: { kind: 'silent', request: refreshTokenGrant },
  device_code: { kind: 'device', start: startDeviceAuthorization, finish: awaitDeviceToken },
  jwt_bearer: { kind: 'silent', request: jwtBearer },
  token_exchange: { kind: 'silent', request: tokenExchange },
  ciba: { kind: 'backchannel', start: startBackchannelAuthentication, finish: awaitBackchannelToken },
} as const satisfies Record<GrantKind, GrantRoute>;
