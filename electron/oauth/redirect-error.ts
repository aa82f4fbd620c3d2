import { AppError } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import { redirectActions } from './error-actions.ts';
import { serverText } from './server-text.ts';

/** `consent_denied` with the server's own words; `url` is where it was asked, and none of the secrets stands in them. */
export function errorRedirect(
  error: string,
  errorDescription: string | undefined,
  url: string,
  secrets: readonly Secret[],
): AppError {
  const name = serverText(error, secrets, 100);
  const description = errorDescription === undefined ? undefined : serverText(errorDescription, secrets);
  const host = hostOf(url);
  const message =
    name === 'access_denied'
      ? `${host} says that access was denied.`
      : `${host} ended the consent with the error ${name}.`;
  return new AppError(
    'consent_denied',
    description === undefined ? message : `${message} It says: ${description}`,
    {
      action: Object.hasOwn(redirectActions, name)
        ? redirectActions[name]
        : 'Look the error up in the documentation of the server.',
      server: { error: name, ...(description === undefined ? {} : { errorDescription: description }) },
    },
  );
}
