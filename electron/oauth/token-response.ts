import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import { checkIdToken, type IdTokenExpectations } from './id-token.ts';
import { describeBody, parseJson } from './json-body.ts';
import { jwtClaims, subjectOf } from './jwt-claims.ts';
import { expiryMs } from './lifetime.ts';
import { serverText } from './server-text.ts';
import type { TokenAnswer } from './token-answer.ts';
import { errorWords, tokenFailure } from './token-failure.ts';
import { hostOf } from './wire-error.ts';

/** Absent, null and empty are one: real servers write all three. */
const optionalToken = z
  .string()
  .nullish()
  .transform((token) => (token === undefined || token === null || token === '' ? null : new Secret(token)));

/** RFC 6749 section 5.1, as real servers keep it. */
const tokenResponseSchema = z.object({
  // The characters of appendix A.12: with others it could not be sent on, or would break out of its header.
  access_token: z.string().regex(/^[\x20-\x7e]+$/),
  token_type: z
    .string()
    .nullish()
    .transform((type) => type?.trim() || 'Bearer')
    .pipe(z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,40}$/)),
  refresh_token: optionalToken,
  id_token: optionalToken,
  scope: z
    .union([z.string().transform((scope) => scope.split(/\s+/)), z.array(z.string())])
    .nullish()
    .catch(null),
  expires_in: z.unknown().optional(),
  refresh_expires_in: z.unknown().optional(),
  refresh_token_expires_in: z.unknown().optional(),
});
type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** What an answer is judged by: who was asked, what an id token must agree with, which secrets were sent. */
export interface TokenExpectations extends IdTokenExpectations {
  secrets: readonly Secret[];
}

function invalid(response: Response, expected: TokenExpectations, what: string): AppError {
  const host = hostOf(expected.server.tokenUrl);
  const type = serverText(response.headers.get('content-type') ?? 'no content type', expected.secrets, 100);
  return new AppError(
    'token_response_invalid',
    `${host} answered the token request with ${what} (HTTP ${response.status}, ${type}).`,
    {
      action:
        'Check the Token URL in the profile: it must be the token endpoint itself, not a page or a redirect to it.',
      server: { status: response.status },
      details: { host },
    },
  );
}

function parse(json: unknown, body: string, response: Response, expected: TokenExpectations): TokenResponse {
  if (response.status >= 300) throw invalid(response, expected, 'a redirect');
  if (json === undefined) throw invalid(response, expected, describeBody(response, body));
  const parsed = tokenResponseSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path[0];
  throw invalid(
    response,
    expected,
    field === undefined ? 'JSON that is no object' : `no usable ${String(field)}`,
  );
}

function scopeOf(scope: TokenResponse['scope']): string | null {
  const values = (scope ?? []).map((value) => value.trim()).filter((value) => value !== '');
  return values.length === 0 ? null : values.join(' ');
}

function answerOf(data: TokenResponse, receivedAtMs: number): TokenAnswer {
  const claims = jwtClaims(data.access_token);
  const expMs = claims?.exp === undefined ? null : Math.round(claims.exp * 1000);
  const idClaims = data.id_token === null ? null : jwtClaims(data.id_token.reveal());
  return {
    accessToken: new Secret(data.access_token),
    tokenType: data.token_type,
    refreshToken: data.refresh_token,
    idToken: data.id_token,
    scope: scopeOf(data.scope),
    receivedAtMs,
    accessExpiresAtMs: expiryMs(data.expires_in, receivedAtMs) ?? expMs,
    refreshExpiresAtMs: expiryMs(data.refresh_expires_in ?? data.refresh_token_expires_in, receivedAtMs),
    subject: subjectOf(idClaims) ?? subjectOf(claims),
  };
}

/**
 * Reads the answer to a token request (RFC 6749 sections 5.1 and 5.2). An error counts as one with status 200 too.
 * Throws `invalid_client`, `token_request_refused` or `token_server_failed` for an error, and `token_response_invalid`
 * for what is no token response, with status and content type, never the body.
 */
export async function readTokenResponse(
  response: Response,
  expected: TokenExpectations,
): Promise<TokenAnswer> {
  const body = await response.text();
  const json = parseJson(body);
  const words = errorWords(json, expected.secrets);
  const holdsToken = z.object({ access_token: z.string().min(1) }).safeParse(json).success;
  if (response.status >= 400 || (response.ok && words.error !== undefined && !holdsToken)) {
    throw tokenFailure(hostOf(expected.server.tokenUrl), response, words, expected.nowMs);
  }
  const data = parse(json, body, response, expected);
  if (data.id_token !== null) await checkIdToken(data.id_token, expected);
  return answerOf(data, expected.nowMs);
}
