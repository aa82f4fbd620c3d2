import type { Finding } from '../../shared/model/finding.ts';
import type { RedactedAnswer } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';

/**
 * A token response after parsing (RFC 6749 section 5.1), times made absolute. It is not yet a token set: merging it
 * with what was held before (a response without a refresh token keeps the old one) is the token service's.
 */
export interface TokenAnswer {
  accessToken: Secret;
  /** As the server wrote it, for example `Bearer`. */
  tokenType: string;
  /** What the tokens were asked to be bound to (see `newDpopKey`); absent: nothing. */
  dpopKey?: Secret;
  /** Null when the response has none. */
  refreshToken: Secret | null;
  idToken: Secret | null;
  /** Null when the response has none: then it is as asked for (section 5.1). */
  scope: string | null;
  receivedAtMs: number;
  /** From `expires_in`, else a JWT's `exp`; null when the server says neither. */
  accessExpiresAtMs: number | null;
  /** From `refresh_expires_in` or `refresh_token_expires_in`; null when the server does not say. */
  refreshExpiresAtMs: number | null;
  /** Who the token is for, from the id token's or a JWT access token's claims; for showing only. */
  subject: string | null;
  /**
   * By how much the server's clock is ahead of ours, by the `Date` header (RFC 9110 section 6.6.1); null when it sends
   * none. Exact to a second at best.
   */
  clockAheadMs: number | null;
  /** The whole answer, fit to show. */
  redacted: RedactedAnswer;
  /** In what the answer is not as the RFCs have it; nothing secret is in them. */
  findings: readonly Finding[];
}
