import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { assertNever } from '../../shared/errors.ts';
import type { PlaygroundFailure } from '../../shared/model/playground.ts';
import { beforeHead, methodRefusal, sendJson, sendJsonText, sendText } from './http-answers.ts';
import { readBody, replay } from './http-bodies.ts';

/** What the token endpoint needs of its playground. */
export interface TokenEndpointParts {
  /** Gives a request to the authorization server, once those before it are answered. */
  pass(req: IncomingMessage, res: ServerResponse): Promise<void>;
  failure(): PlaygroundFailure;
  /** Called once for each call, with the `grant_type` it names. */
  countGrant(grantType: string | null): void;
  /** Called for each call that gives no tokens, before it is answered. */
  countRefused(): void;
}

/** Waits, and says whether the client is still there at the end; one that goes ends the wait at once. */
async function waitForClient(res: ServerResponse, delayMs: number): Promise<boolean> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  try {
    await wait(delayMs, undefined, { signal: gone.signal });
    return !res.destroyed;
  } catch (error) {
    if (gone.signal.aborted) return false;
    throw error;
  }
}

/** Answers `/token`: as the authorization server does, or failing as the settings ask. */
export async function answerToken(
  req: IncomingMessage,
  res: ServerResponse,
  { pass, failure, countGrant, countRefused }: TokenEndpointParts,
): Promise<void> {
  if (req.method !== 'POST') throw methodRefusal('POST');
  beforeHead(res, (status) => {
    if (status >= 400) countRefused();
  });
  const body = await readBody(req);
  const grantType = new URLSearchParams(body.toString('utf8')).get('grant_type');
  countGrant(grantType);
  const fail = failure();
  switch (fail.kind) {
    case 'server_error':
      return sendText(res, 500, 'Internal Server Error');
    case 'too_many_requests':
      return sendText(res, 429, 'Too Many Requests', { 'retry-after': fail.retryAfterSeconds });
    case 'malformed_json':
      countRefused();
      return sendJsonText(res, 200, '{"access_token":"broken","token_type":"Bea');
    case 'refuse_refresh':
      if (grantType !== 'refresh_token') return pass(replay(req, body), res);
      return sendJson(res, 400, {
        error: 'invalid_grant',
        error_description: 'The playground refuses every refresh, as its settings ask.',
      });
    case 'slow':
      // A client that gave up gets nothing issued, so that a rotation it never saw cannot count as reuse later.
      if (await waitForClient(res, fail.delayMs)) await pass(replay(req, body), res);
      return;
    case 'none':
      return pass(replay(req, body), res);
    default:
      assertNever(fail);
  }
}
