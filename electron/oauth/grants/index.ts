import type { GrantKind } from '../../../shared/model/grant.ts';
import { exchangeCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { implicitGrant } from './implicit.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { passwordGrant } from './password.ts';
import { refreshTokenGrant, refreshTokens } from './refresh-token.ts';
import { tokenExchange } from './token-exchange.ts';

export { clientCredentials, exchangeCode, passwordGrant, refreshTokens };

/** How a grant comes to its tokens: by a consent, from its redirect, or by a request alone. */
export type GrantRoute =
  | { kind: 'consent'; finish: typeof exchangeCode }
  | { kind: 'silent'; request: typeof clientCredentials };

/** Every grant, one row each. Refreshing is not one of them: `refreshTokens` serves all. */
export const grants = {
  authorization_code: { kind: 'consent', finish: exchangeCode },
  implicit: { kind: 'consent', finish: implicitGrant },
  password: { kind: 'silent', request: passwordGrant },
  client_credentials: { kind: 'silent', request: clientCredentials },
  refresh_token: { kind: 'silent', request: refreshTokenGrant },
  jwt_bearer: { kind: 'silent', request: jwtBearer },
  token_exchange: { kind: 'silent', request: tokenExchange },
} as const satisfies Partial<Record<GrantKind, GrantRoute>>;
