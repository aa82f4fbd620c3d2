import { decodeProtectedHeader } from 'jose';
import {
  type AuthorizationServer,
  clockSkew,
  getValidatedIdTokenClaims,
  type IDToken,
  processAuthorizationCodeResponse,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi';
import { AppError } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import { sameIssuer } from './discovery-document.ts';
import type { Endpoints } from './endpoints.ts';
import { jwtClaims } from './jwt-claims.ts';
import { serverText } from './server-text.ts';

/** What an id token must agree with. */
export interface IdTokenExpectations {
  server: Endpoints;
  clientId: string;
  /** Null when the request carried none, and at every refresh (OpenID Connect Core section 12.2). */
  nonce: Secret | null;
  /** What was sent and may stand in no text, should the token hold it. */
  secrets: readonly Secret[];
  /** Milliseconds since the epoch, by the clock that its times are to be checked by. */
  nowMs: number;
  /** Where it came from, for messages; default: the token endpoint. */
  from?: string;
  /** What is to be checked besides, by whoever knows more of it; what it throws says what is wrong. */
  besides?: (claims: IDToken) => Promise<void>;
}

/** Without an announced list any signature algorithm is taken as it comes, but never `none`. */
function algorithms(idToken: string, announced: string[] | null): string[] {
  if (announced !== null) return announced;
  try {
    const { alg } = decodeProtectedHeader(idToken);
    return alg === undefined || alg === 'none' ? [] : [alg];
  } catch {
    // The library says below what is wrong with such a token.
    return [];
  }
}

/** An unknown issuer cannot be compared: then the token's own stands in. A slash at the end is no difference. */
function expectedIssuer(own: string | undefined, known: string | null): string {
  if (own !== undefined && (known === null || sameIssuer(own, known))) return own;
  return known ?? 'unknown';
}

/** An issuer is a URL; what is none may hold anything, and is not repeated. */
function issuerWords(issuer: string, secrets: readonly Secret[]): string {
  return URL.canParse(issuer) ? serverText(issuer, secrets, 200) : 'something that is no URL';
}

/**
 * Checks an id token's claims (OpenID Connect Core section 3.1.3.7): issuer, audience, times, nonce. Its signature is
 * not checked: one that comes straight from the token endpoint needs none (point 6 there), and for any other there is
 * `checkFrontChannel`. Throws `token_response_invalid`
 * saying what is wrong with it.
 */
export async function checkIdToken(idToken: Secret, expected: IdTokenExpectations): Promise<void> {
  const token = idToken.reveal();
  const secrets = [idToken, ...expected.secrets];
  const own = jwtClaims(token)?.iss;
  const issuer = expectedIssuer(own, expected.server.issuer);
  const server: AuthorizationServer = {
    issuer,
    id_token_signing_alg_values_supported: algorithms(token, expected.server.idTokenAlgorithms),
  };
  // The library reads the system's clock; the skew makes it ours.
  const client = {
    client_id: expected.clientId,
    [clockSkew]: Math.round((expected.nowMs - Date.now()) / 1000),
  };
  // Only the id token goes through the library: what it demands of the rest, real servers do not keep.
  const response = Response.json({ access_token: 'unused', token_type: 'bearer', id_token: token });
  try {
    const read =
      expected.nonce === null
        ? await processGenericTokenEndpointResponse(server, client, response)
        : await processAuthorizationCodeResponse(server, client, response, {
            expectedNonce: expected.nonce.reveal(),
          });
    const claims = getValidatedIdTokenClaims(read);
    if (claims !== undefined) await expected.besides?.(claims);
  } catch (cause) {
    // Cancelled while its keys were read.
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? serverText(cause.message, [idToken]) : 'it cannot be read';
    const issuers =
      own !== undefined && own !== issuer
        ? ` (it says ${issuerWords(own, secrets)}, expected was ${serverText(issuer, secrets, 200)})`
        : '';
    throw new AppError(
      'token_response_invalid',
      `The id token of ${hostOf(expected.from ?? expected.server.tokenUrl)} is not valid: ${reason}${issuers}.`,
      {
        action:
          'Compare Issuer and Client ID of the profile with the server, and the clocks of both machines.',
      },
    );
  }
}
