import { describe, expect, it } from 'vitest';
import { sleep, withRetries } from '../../../electron/oauth/retry.ts';
import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

type Options = ConstructorParameters<typeof AppError>[2];

function failure(code: ErrorCode, options: Options = {}): AppError {
  return new AppError(code, `${code} happened.`, { action: 'Do something.', ...options });
}

const refused = failure('server_unreachable', { details: { delivery: 'not_sent' } });
const lost = failure('request_timeout', { details: { delivery: 'unknown' } });
const status = (code: number, retryAfterSeconds?: number) =>
  failure('token_server_failed', {
    server: { status: code },
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
  });

/** Runs work that fails in this order and then gives "done"; tells what came of it, and the waits. */
async function run(failures: readonly unknown[], attempts?: number) {
  const waits: number[] = [];
  let calls = 0;
  const work = async () => {
    const next = failures[calls];
    calls += 1;
    if (calls <= failures.length) throw next;
    return 'done';
  };
  const settings = {
    sleep: async (ms: number) => void waits.push(ms),
    ...(attempts === undefined ? {} : { attempts }),
  };
  const outcome = await withRetries(work, settings).catch((thrown: unknown) => thrown);
  return { outcome, calls, waits };
}

describe('withRetries', () => {
  it('gives the first success, without a wait', async () => {
    expect(await run([])).toEqual({ outcome: 'done', calls: 1, waits: [] });
  });

  it.each([
    ['a refused connection', refused],
    ['429', status(429)],
    ['503', status(503)],
    [
      'a discovery that nobody answered',
      failure('discovery_failed', { details: { reason: 'request_timeout' } }),
    ],
  ])('repeats %s twice, waiting longer each time', async (_, error) => {
    expect(await run([error, error])).toEqual({ outcome: 'done', calls: 3, waits: [500, 1000] });
    expect((await run([error, error, error])).calls).toBe(3);
  });

  it.each([
    ['a timeout after sending', lost],
    ['a reset after sending', failure('server_unreachable', { details: { delivery: 'unknown' } })],
    ['408', status(408)],
    ['500', status(500)],
    ['504', status(504)],
  ])('repeats %s once, because it may have been carried out', async (_, error) => {
    expect(await run([error])).toEqual({ outcome: 'done', calls: 2, waits: [500] });
    expect((await run([error, error])).calls).toBe(2);
    expect((await run([error, refused])).calls).toBe(3);
    expect((await run([refused, error, error])).calls).toBe(3);
  });

  it.each([
    ['a refusal', failure('token_request_refused', { server: { error: 'invalid_grant', status: 400 } })],
    ['a wrong client', failure('invalid_client')],
    ['an unusable answer', failure('token_response_invalid')],
    ['a bad certificate', failure('tls_error', { details: { delivery: 'not_sent' } })],
    ['a cancellation', failure('cancelled')],
    ['an incomplete profile', failure('profile_incomplete')],
  ])('does not repeat %s, and leaves its error as it is', async (_, error) => {
    expect(await run([error])).toEqual({ outcome: error, calls: 1, waits: [] });
  });

  it('does not repeat a defect', async () => {
    const { outcome, calls } = await run([new TypeError('defect')]);
    expect([calls, AppError.from(outcome).code]).toEqual([1, 'internal']);
  });

  it('waits as long as the server asks, if that is longer', async () => {
    expect((await run([status(429, 7), status(503, 0)])).waits).toEqual([7000, 1000]);
    expect((await run([status(429, 30)])).waits).toEqual([30_000]);
  });

  it('does not wait longer than 30 s, and says what the server asks', async () => {
    const { outcome, calls, waits } = await run([status(429, 120)]);
    expect([calls, waits]).toEqual([1, []]);
    expect(outcome).toMatchObject({
      code: 'token_server_failed',
      message: 'token_server_failed happened. It asks to wait 120 seconds.',
      action: 'Do something.',
      server: { status: 429 },
      details: { retryAfterSeconds: 120 },
    });
  });

  it('fails with the last failure, and tells of the first', async () => {
    const { outcome } = await run([
      lost,
      failure('token_request_refused', { server: { error: 'invalid_grant' } }),
    ]);
    expect(outcome).toMatchObject({
      code: 'token_request_refused',
      message: 'token_request_refused happened. Tried 2 times.',
      server: { error: 'invalid_grant' },
      details: { attempts: 2, firstFailure: 'request_timeout' },
    });
  });

  it('can be told to try once only', async () => {
    expect((await run([refused], 1)).calls).toBe(1);
  });

  it('stops waiting when cancelled', async () => {
    const controller = new AbortController();
    const work = async () => {
      controller.abort();
      throw refused;
    };
    expect((await failureOf(() => withRetries(work, { sleep }, controller.signal))).code).toBe('cancelled');
  });
});

describe('sleep', () => {
  it('ends by itself, or at once when the signal aborts', async () => {
    const controller = new AbortController();
    await sleep(1, controller.signal);
    const waiting = failureOf(() => sleep(60_000, controller.signal));
    controller.abort();
    expect((await waiting).code).toBe('cancelled');
    expect((await failureOf(() => sleep(60_000, controller.signal))).code).toBe('cancelled');
  });
});
