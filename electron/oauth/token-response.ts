import { z } from 'zod';
import { Secret } from '../../shared/secret.ts';
import { scopeValues } from './authorization.ts';
import type { ClientExchange } from './client-request.ts';
import { endpointFailure, unusableAnswer } from './endpoint-failure.ts';
import { errorWords } from './error-words.ts';
import { checkIdToken } from './id-token.ts';
import { describeBody, parseAnswer } from './json-body.ts';
import { jwtClaims, subjectOf } from './jwt-claims.ts';
import { expiryMs, momentMs } from './lifetime.ts';
import { tokensIn } from './members.ts';
import { redactedAnswer } from './redacted-answer.ts';
import { clockAheadMs, clockCorrectionMs } from './server-clock.ts';
import { redact } from './server-text.ts';
import type { TokenAnswer } from './token-answer.ts';

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
    .union([z.string(), z.array(z.string()).transform((values) => values.join(' '))])
    .nullish()
    .catch(null),
  expires_in: z.unknown().optional(),
  refresh_expires_in: z.unknown().optional(),
  refresh_token_expires_in: z.unknown().optional(),
});
type TokenResponse = z.infer<typeof tokenResponseSchema>;

function parse(json: unknown, body: string, { response, asked, secrets }: ClientExchange): TokenResponse {
  const refuse = (what: string) => unusableAnswer(asked, response, what, secrets);
  if (response.status >= 300) throw refuse('a redirect');
  if (json === undefined) throw refuse(describeBody(response, body));
  const parsed = tokenResponseSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path[0];
  throw refuse(field === undefined ? 'JSON that is no object' : `no usable ${String(field)}`);
}

function scopeOf(scope: TokenResponse['scope'], secrets: readonly Secret[]): string | null {
  // Whole, since a secret may hold blanks.
  const values = scopeValues(redact(scope ?? '', secrets));
  return values.length === 0 ? null : values.join(' ');
}

/** When the tokens of an answer expire, the server's moments moved to our clock. */
function expiries(data: TokenResponse, exp: unknown, receivedAtMs: number, aheadMs: number) {
  const inOurTime = (expiresIn: unknown) => expiryMs(expiresIn, receivedAtMs, aheadMs);
  return {
    accessExpiresAtMs: inOurTime(data.expires_in) ?? momentMs(exp, receivedAtMs, aheadMs),
    refreshExpiresAtMs: inOurTime(data.refresh_expires_in) ?? inOurTime(data.refresh_token_expires_in),
  };
}

function answerOf(
  data: TokenResponse,
  receivedAtMs: number,
  aheadMs: number | null,
  secrets: readonly Secret[],
): Omit<TokenAnswer, 'redacted'> {
  const claims = jwtClaims(data.access_token);
  const idClaims = data.id_token === null ? null : jwtClaims(data.id_token.reveal());
  return {
    accessToken: new Secret(data.access_token),
    // It is shown, in each request too: what holds a secret is no type.
    tokenType: redact(data.token_type, secrets) === data.token_type ? data.token_type : 'Bearer',
    refreshToken: data.refresh_token,
    idToken: data.id_token,
    scope: scopeOf(data.scope, secrets),
    receivedAtMs,
    ...expiries(data, claims?.exp, receivedAtMs, clockCorrectionMs(aheadMs)),
    subject: subjectOf(idClaims, secrets) ?? subjectOf(claims, secrets),
    clockAheadMs: aheadMs,
  };
}

/**
 * Reads the answer to a token request (RFC 6749 sections 5.1 and 5.2). An error counts as one with status 200 too.
 * `nonce` is what an id token must carry; null for none. Throws `invalid_client`, `token_request_refused` or
 * `token_server_failed` for an error, and `token_response_invalid` for what is no token response, with status and
 * content type, never the body.
 */
export async function readTokenResponse(
  exchange: ClientExchange,
  nonce: Secret | null,
): Promise<TokenAnswer> {
  const { asked, response, sentAtMs, receivedAtMs } = exchange;
  const body = await response.text();
  const json = parseAnswer(response, body);
  const secrets = [...exchange.secrets, ...tokensIn(json)];
  const words = errorWords(json, secrets);
  const holdsToken = z.object({ access_token: z.string().min(1) }).safeParse(json).success;
  if (response.status >= 400 || (response.ok && words.error !== undefined && !holdsToken)) {
    throw endpointFailure(asked, response, words, receivedAtMs);
  }
  const data = parse(json, body, exchange);
  const aheadMs = clockAheadMs(response.headers.get('date'), sentAtMs, receivedAtMs);
  if (data.id_token !== null) {
    // By the server's clock alone: to accept what either clock accepts would be to accept more.
    const nowMs = receivedAtMs + clockCorrectionMs(aheadMs);
    await checkIdToken(data.id_token, { ...exchange, secrets, nonce, nowMs });
  }
  const answer = answerOf(data, receivedAtMs, aheadMs, secrets);
  return { ...answer, redacted: redactedAnswer(response.status, json, secrets) };
}
