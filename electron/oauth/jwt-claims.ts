import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { Secret } from '../../shared/secret.ts';
import { serverText } from './server-text.ts';

/** The claims that are read from a token without checking it (RFC 7519 section 4.1); what is damaged counts as absent. */
const claimsSchema = z.object({
  /** As it came: `momentMs` reads it. */
  exp: z.unknown().optional(),
  iss: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  sub: z.string().optional().catch(undefined),
});
export type JwtClaims = z.infer<typeof claimsSchema>;

/** The claims of a JWT, unchecked: for showing, and for its expiry. Null for a token that is no (readable) JWT. */
export function jwtClaims(token: string): JwtClaims | null {
  try {
    return claimsSchema.parse(decodeJwt(token));
  } catch {
    // Most access tokens are opaque: that a token is no JWT is an answer here, not a failure.
    return null;
  }
}

/** Who a token is for, by the friendliest claim that says so, without any of the secrets; null when none does. */
export function subjectOf(claims: JwtClaims | null, secrets: readonly Secret[] = []): string | null {
  const named = [claims?.preferred_username, claims?.email, claims?.name, claims?.sub];
  return named.map((text) => serverText(text ?? '', secrets, 200)).find((text) => text !== '') ?? null;
}
