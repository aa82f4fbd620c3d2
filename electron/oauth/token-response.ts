import { processGenericTokenEndpointResponse } from 'oauth4webapi';
import { z } from 'zod';
import { adviceOn } from '../../shared/advisor/advice.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { Secret } from '../../shared/secret.ts';
import { scopeValues } from './authorization.ts';
import type { ClientExchange } from './client-request.ts';
import { endpointFailure, unusableAnswer } from './endpoint-failure.ts';
import { errorWords } from './error-words.ts';
import { checkIdToken } from './id-token.ts';
import { describeBody, isObject, type Members } from './json-body.ts';
import { jwtClaims, subjectOf } from './jwt-claims.ts';
import { expiryMs, momentMs } from './lifetime.ts';
import { tokensIn } from './members.ts';
import { answerAdvice } from './quirks/answer-advice.ts';
import { idTokenFindings } from './quirks/id-token-findings.ts';
import { namingQuirks } from './quirks/naming-quirks.ts';
import { mended, type QuirkContext } from './quirks/quirk.ts';
import { type ReadBody, readBody } from './quirks/read-body.ts';
import { timeQuirks } from './quirks/time-quirks.ts';
import { valueQuirks } from './quirks/value-quirks.ts';
import { redactedAnswer } from './redacted-answer.ts';
import { clockAheadMs, clockCorrectionMs } from './server-clock.ts';
import { redact } from './server-text.ts';
import type { TokenAnswer } from './token-answer.ts';

const token = z
  .string()
  .min(1)
  .transform((text) => new Secret(text))
  .nullable()
  .default(null);

/** RFC 6749 section 5.1; what real servers do otherwise was mended by the quirks. */
const tokenResponseSchema = z.object({
  // The characters of appendix A.12: with others it could not be sent on, or would break out of its header.
  access_token: z.string().regex(/^[\x20-\x7e]+$/),
  token_type: z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,40}$/),
  refresh_token: token,
  id_token: token,
  scope: z.string().nullable().default(null),
  expires_in: z.number().nonnegative().optional(),
  /** Of no RFC, so that no quirk can bring them to one: read as they come. */
  refresh_expires_in: z.unknown().optional(),
  refresh_token_expires_in: z.unknown().optional(),
});
type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** The last word on an answer that was mended is the library's. The id token is checked apart, by what was asked for. */
async function certify(members: Members, type: string): Promise<void> {
  const { id_token: _apart, ...rest } = members;
  await processGenericTokenEndpointResponse(
    { issuer: 'https://unused.invalid' },
    { client_id: 'unused' },
    Response.json(rest),
    { recognizedTokenTypes: { [type.toLowerCase()]: () => undefined } },
  );
}

async function parse(
  value: unknown,
  { text }: ReadBody,
  { response, asked, secrets }: ClientExchange,
): Promise<TokenResponse> {
  const refuse = (what: string) => unusableAnswer(asked, response, what, secrets);
  if (response.status >= 300) throw refuse('a redirect');
  if (value === undefined) throw refuse(describeBody(response, text));
  if (!isObject(value)) throw refuse('JSON that is no object');
  const parsed = tokenResponseSchema.safeParse(value);
  const field = parsed.error?.issues[0]?.path[0];
  if (!parsed.success) throw refuse(`no usable ${String(field)}`);
  await certify(value, parsed.data.token_type).catch(() => {
    throw refuse('members that do not agree with RFC 6749 section 5.1');
  });
  return parsed.data;
}

function scopeOf(scope: TokenResponse['scope'], secrets: readonly Secret[]): string | null {
  // Whole, since a secret may hold blanks.
  const values = scopeValues(redact(scope ?? '', secrets));
  return values.length === 0 ? null : values.join(' ');
}

/** When the tokens of an answer expire, the server's moments moved to our clock. */
function expiries(data: TokenResponse, exp: unknown, { receivedAtMs, aheadMs }: QuirkContext) {
  const inOurTime = (expiresIn: unknown) => expiryMs(expiresIn, receivedAtMs, aheadMs);
  return {
    accessExpiresAtMs: inOurTime(data.expires_in) ?? momentMs(exp, receivedAtMs, aheadMs),
    refreshExpiresAtMs: inOurTime(data.refresh_expires_in) ?? inOurTime(data.refresh_token_expires_in),
  };
}

function answerOf(
  data: TokenResponse,
  context: QuirkContext,
): Omit<TokenAnswer, 'redacted' | 'findings' | 'clockAheadMs'> {
  const { secrets, receivedAtMs } = context;
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
    ...expiries(data, claims?.exp, context),
    subject: subjectOf(idClaims, secrets) ?? subjectOf(claims, secrets),
  };
}

/** These secrets, and the tokens of some JSON that are not among them: each once, since what is looked for costs time. */
function withTokensOf(json: unknown, secrets: readonly Secret[]): Secret[] {
  const known = new Set(secrets.map((secret) => secret.reveal()));
  return [...secrets, ...tokensIn(json).filter((secret) => !known.has(secret.reveal()))];
}

/** A token response as the RFC has it, from the JSON that came; what is no object stays as it is. */
function asStandard(
  value: unknown,
  context: QuirkContext,
): { value: unknown; findings: Finding[]; secrets: readonly Secret[] } {
  const sent = withTokensOf(value, context.secrets);
  if (!isObject(value)) return { value, findings: [], secrets: sent };
  const named = mended(namingQuirks, value, { ...context, secrets: sent });
  const own = { ...context, secrets: withTokensOf(named.subject, sent) };
  const { subject, findings } = mended([...valueQuirks, ...timeQuirks], named.subject, own);
  return {
    value: subject,
    findings: [...named.findings, ...findings],
    secrets: withTokensOf(subject, own.secrets),
  };
}

/**
 * Reads the answer to a token request (RFC 6749 sections 5.1 and 5.2). An error counts as one with status 200 too. What
 * is not as the RFC has it is mended by the quirks first, and told in `findings`. `nonce` is what an id token must
 * carry; null for none. Throws `invalid_client`, `token_request_refused` or `token_server_failed` for an error, and
 * `token_response_invalid` for what is no token response, with status and content type, never the body.
 */
export async function readTokenResponse(
  exchange: ClientExchange,
  nonce: Secret | null,
): Promise<TokenAnswer> {
  const { asked, response, sentAtMs, receivedAtMs } = exchange;
  const ahead = clockAheadMs(response.headers.get('date'), sentAtMs, receivedAtMs);
  const context = { secrets: exchange.secrets, receivedAtMs, aheadMs: clockCorrectionMs(ahead) };
  const body = await readBody(response, context);
  const standard = asStandard(body.value, context);
  const { secrets } = standard;
  const words = errorWords(body.value, secrets);
  const holdsToken = z.object({ access_token: z.string().min(1) }).safeParse(standard.value).success;
  if (response.status >= 400 || (response.ok && words.error !== undefined && !holdsToken)) {
    const findings = words.error === undefined ? [] : [...body.findings, ...words.findings];
    throw endpointFailure(asked, response, { ...words, findings }, receivedAtMs);
  }
  const data = await parse(standard.value, body, exchange);
  const own = { ...context, secrets };
  if (data.id_token !== null) {
    // By the server's clock alone: to accept what either clock accepts would be to accept more.
    const nowMs = receivedAtMs + context.aheadMs;
    await checkIdToken(data.id_token, { ...exchange, secrets, nonce, nowMs });
  }
  const whole = {
    members: isObject(standard.value) ? standard.value : {},
    status: response.status,
    cacheControl: response.headers.get('cache-control'),
    secrets,
  };
  return {
    ...answerOf(data, own),
    clockAheadMs: ahead,
    redacted: redactedAnswer(response.status, body.value, secrets),
    findings: [
      ...body.findings,
      ...standard.findings,
      ...adviceOn(answerAdvice, whole),
      ...(data.id_token === null
        ? []
        : idTokenFindings(data.id_token, exchange.server.issuer, asked.grantType === 'refresh_token')),
    ],
  };
}
