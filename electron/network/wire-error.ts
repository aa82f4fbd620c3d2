import { AppError } from '../../shared/errors.ts';
import { unexplained, wireFailureOf } from './wire-failures.ts';

/** The chain of causes, outermost first; a failed connection to several addresses counts by its first. */
function* causes(thrown: unknown): Generator<Error> {
  let error = thrown;
  for (let depth = 0; depth < 8 && error instanceof Error; depth += 1) {
    yield error;
    error = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
  }
}

/** The code of an error, or its name; neither holds anything of the request. */
function nameOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The host (with its port, if any) of a URL, for messages; a text that is no URL gives `the server`. */
export function hostOf(url: string | URL): string {
  try {
    return new URL(url).host || 'the server';
  } catch {
    return 'the server';
  }
}

/**
 * The AppError of a request that got no answer: `server_unreachable`, `tls_error`, `client_certificate_required`,
 * `client_certificate_refused`, `request_timeout`, `cancelled` or `url_invalid`, naming the host and never the query; one
 * that stands in the causes is the answer itself. `details.delivery` tells whether it can have reached the server.
 */
export function wireError(cause: unknown, url: string | URL): AppError {
  const chain = [...causes(cause)];
  const said = chain.find((error) => error instanceof AppError);
  if (said !== undefined) return said;
  const failure = chain.reduce((found, error) => wireFailureOf(error) ?? found, unexplained);
  const host = hostOf(url);
  return new AppError(failure.code, failure.message(host), {
    action: failure.action,
    details: { host, delivery: failure.delivery },
    // The errors themselves may hold the URL, or parts of the answer: of them only the names are kept.
    cause: new Error(chain.map(nameOf).join(', ')),
  });
}
