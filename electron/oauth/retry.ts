import { AppError } from '../../shared/errors.ts';
import { classifyTokenFailure } from './refusal.ts';

/**
 * What is retried, and how often.
 *
 * A request that surely did nothing is safe to repeat: the connection never came about, or the server said 429 or 503.
 *
 * A request that may have been carried out (a timeout or a reset after it was sent, 408, 500, 502, 504) is not: the
 * server may have rotated the refresh token, or used up the code, and the answer was lost. To such a server the repeat
 * looks like reuse, and reuse may revoke the whole chain. It is repeated all the same, once. If the first did work, the
 * only living token of the chain was in the lost answer: without the repeat there is nothing left that could be used,
 * and the next send would present the same old token anyway. If it did not work, or if the server lets the last token
 * be used again for a while, the repeat saves the chain. All that reuse can still cost is an access token that was
 * about to be replaced. Once is enough: a second loss in a row is a server in trouble, which is better left alone.
 *
 * A complete but unusable answer (`token_response_invalid`) is never repeated: the same would come back, or
 * `invalid_grant` would hide what really happened. Nor is a bad certificate, which waiting does not mend.
 */
type Repeat = 'freely' | 'once' | 'never';

function repeatable(error: AppError): Repeat {
  if (error.code === 'token_response_invalid' || error.code === 'tls_error') return 'never';
  if (classifyTokenFailure(error) !== 'transient') return 'never';
  if (error.code === 'discovery_failed' || error.details?.delivery === 'not_sent') return 'freely';
  const status = error.server?.status;
  return status === 429 || status === 503 ? 'freely' : 'once';
}

export interface RetrySettings {
  /** Waits so many milliseconds; rejects when the signal aborts. `sleep` below is the real one. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** How often the work is done at most, the first time included. Default 3. */
  attempts?: number;
  /** The wait before the second attempt, doubled before each further one, in milliseconds. Default 500. */
  firstDelayMs?: number;
  /** The longest `Retry-After` that is waited for, in milliseconds. Default 30,000. */
  longestWaitMs?: number;
}

/** Waits so many milliseconds, or rejects with `cancelled` when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new AppError('cancelled', 'The wait for another attempt was cancelled.'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The same failure with what the attempts before it came to, which the last one alone may not explain. */
function withHistory(error: AppError, earlier: readonly AppError[], note = ''): AppError {
  const first = earlier[0];
  if (first === undefined && note === '') return error;
  const tried = first === undefined ? '' : ` Tried ${earlier.length + 1} times.`;
  return new AppError(error.code, `${error.message}${tried}${note}`, {
    action: error.action,
    server: error.server,
    details: {
      ...error.details,
      attempts: earlier.length + 1,
      ...(first === undefined ? {} : { firstFailure: first.code }),
    },
    cause: error,
  });
}

/**
 * Does a token request, and again with backoff while its failure is transient (see `Repeat`), waiting as long as a
 * `Retry-After` asks; if that is too long it fails at once and says how long the server asks to wait. Rejects with the
 * last failure; `details.attempts` and `details.firstFailure` are there when there was more than one.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  settings: RetrySettings,
  signal?: AbortSignal,
): Promise<T> {
  const { attempts = 3, firstDelayMs = 500, longestWaitMs = 30_000 } = settings;
  const earlier: AppError[] = [];
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const error = AppError.from(thrown);
      const repeat = repeatable(error);
      const unsure = [...earlier, error].filter((failure) => repeatable(failure) === 'once').length;
      if (repeat === 'never' || unsure > 1 || earlier.length + 1 >= attempts)
        throw withHistory(error, earlier);
      const asked = Number(error.details?.retryAfterSeconds ?? 0);
      if (asked * 1000 > longestWaitMs)
        throw withHistory(error, earlier, ` It asks to wait ${asked} seconds.`);
      await settings.sleep(Math.max(asked * 1000, firstDelayMs * 2 ** earlier.length), signal);
      earlier.push(error);
    }
  }
}
