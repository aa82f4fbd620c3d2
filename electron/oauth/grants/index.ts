import type { GrantKind } from '../../../shared/model/grant.ts';
import { exchangeCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { passwordGrant } from './password.ts';
import { refreshTokens } from './refresh-token.ts';

export { clientCredentials, exchangeCode, passwordGrant, refreshTokens };

/** How a grant comes to its tokens: by a consent whose redirect is exchanged, or by a request alone. */
export type GrantRoute =
  | { kind: 'consent'; exchange: typeof exchangeCode }
  | { kind: 'silent'; request: typeof clientCredentials };

/** Every grant, one row each. Refreshing is not one of them: `refreshTokens` serves all. */
export const grants = {
  authorization_code: { kind: 'consent', exchange: exchangeCode },
  password: { kind: 'silent', request: passwordGrant },
  client_credentials: { kind: 'silent', request: clientCredentials },
} as const satisfies Partial<Record<GrantKind, GrantRoute>>;
