import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import type { OAuthContext } from './context.ts';
import { unusableAnswer } from './endpoint-failure.ts';
import { type Answered, readAnswer } from './json-answer.ts';
import { approvalQuirks } from './quirks/approval-quirks.ts';
import { mended } from './quirks/quirk.ts';
import { classifyTokenFailure } from './refusal.ts';
import { sleep } from './retry.ts';
import type { TokenAnswer } from './token-answer.ts';

/** Until when somebody may approve, and how often may be asked whether they have. */
export interface ApprovalTimes {
  /** Milliseconds since the epoch. */
  expiresAtMs: number;
  intervalMs: number;
}

const longestSeconds = 24 * 3600;
const timesSchema = z.object({
  expires_in: z.number().positive(),
  // RFC 8628 section 3.2: 5 seconds when the server does not say.
  interval: z.number().nonnegative().default(5),
});

/**
 * Reads the answer to a request that somebody must approve elsewhere (RFC 8628 section 3.2, OpenID Connect CIBA 1.0
 * section 7.3), what is not as it should be mended and told in `findings`; `secrets` are what was sent and what came, and
 * may not be shown. Throws `invalid_client`, and the code of the endpoint for an error or for an answer without what the schema asks for.
 */
export async function readApproval<Answer>(
  exchange: Answered,
  schema: z.ZodType<Answer>,
): Promise<{ answer: Answer; times: ApprovalTimes; findings: Finding[]; secrets: readonly Secret[] }> {
  const { asked, response, receivedAtMs } = exchange;
  const { members, findings: written, secrets } = await readAnswer(exchange);
  const refuse = (what: string) => unusableAnswer(asked, response, what, secrets);
  const { subject, findings } = mended(approvalQuirks, members, { secrets, receivedAtMs, aheadMs: 0 });
  const [answer, times] = [schema.safeParse(subject), timesSchema.safeParse(subject)];
  if (!answer.success) throw refuse(`no usable ${String(answer.error.issues[0]?.path[0])}`);
  if (!times.success) throw refuse('no usable expires_in');
  const { expires_in, interval } = times.data;
  return {
    answer: answer.data,
    times: {
      expiresAtMs: receivedAtMs + Math.min(expires_in, longestSeconds) * 1000,
      // A server that says 0 wants no wait, but no flood either.
      intervalMs: Math.max(interval, 1) * 1000,
    },
    findings: [...written, ...findings],
    secrets,
  };
}

/** What is added to the interval when the server says `slow_down` (RFC 8628 section 3.5). */
const slowDownMs = 5000;
const longestIntervalMs = 60_000;

function expired(host: string): AppError {
  return new AppError('consent_timeout', `Nobody approved at ${host} in time.`, {
    action: 'Get the access token again, and approve it before its time is over.',
    details: { host },
  });
}

function denied(error: AppError, host: string): AppError {
  const said = error.server?.errorDescription;
  const told = said === undefined ? '' : ` It says: ${said}`;
  return new AppError('consent_denied', `${host} says that access was denied.${told}`, {
    action: 'Get the access token again and allow the access, or approve as a user who may.',
    server: error.server,
  });
}

/** The interval after a poll that brought no token. Throws when there is nothing more to wait for. */
function nextInterval(error: AppError, intervalMs: number, host: string): number {
  const askedMs = Number(error.details?.retryAfterSeconds ?? 0) * 1000;
  switch (error.server?.error) {
    case 'authorization_pending':
      return intervalMs;
    case 'slow_down':
      return Math.max(askedMs, intervalMs + slowDownMs);
    case 'expired_token':
      throw expired(host);
    case 'access_denied':
    // Microsoft's.
    case 'authorization_declined':
      throw denied(error, host);
    default:
      break;
  }
  // A timeout, or a server in trouble: asked half as often from then on (RFC 8628 section 3.5).
  if (classifyTokenFailure(error) !== 'transient' || error.code === 'token_response_invalid') throw error;
  return Math.max(askedMs, Math.min(intervalMs * 2, longestIntervalMs));
}

/**
 * Asks for the token until somebody has approved (RFC 8628 section 3.5): never more often than the server has said, and
 * more slowly when it says `slow_down`, or does not answer. Throws `consent_timeout` when the time is over, `consent_denied`,
 * `cancelled`, and what `ask` throws beyond that. `url`: the server, for messages. `wait`: default the real clock.
 */
export async function pollForToken(
  ask: () => Promise<TokenAnswer>,
  { expiresAtMs, intervalMs: first }: ApprovalTimes,
  { now }: Pick<OAuthContext, 'now'>,
  { url, signal, wait = sleep }: { url: string; signal?: AbortSignal | undefined; wait?: typeof sleep },
): Promise<TokenAnswer> {
  const host = hostOf(url);
  let intervalMs = first;
  for (;;) {
    const leftMs = expiresAtMs - now();
    await wait(Math.max(0, Math.min(intervalMs, leftMs)), signal).catch(() => {
      throw new AppError('cancelled', 'The wait for an approval was cancelled.');
    });
    if (leftMs < intervalMs) throw expired(host);
    try {
      return await ask();
    } catch (thrown) {
      intervalMs = nextInterval(AppError.from(thrown), intervalMs, host);
    }
  }
}
