import { AppError } from '../../../shared/errors.ts';

/**
 * Has the system bring the addresses of a scheme of its own (RFC 8252 section 7.1) to this process, for as long as
 * somebody waits for one. Only the desktop app can.
 */
export interface SchemeReceiver {
  /**
   * `take` is asked with each address that comes, and gives false for one that is not its own. Gives what ends it, after
   * which the system is asked no more. Throws `consent_redirect_unusable` when the system does not take the scheme.
   */
  receive(scheme: string, take: (url: string) => boolean): () => void;
}

/** The schemes that a system or a browser has a use of its own for; none of them is an app's. */
const foreign = /^(https?|ftp|file|data|blob|javascript|about|mailto|tel|wss?|chrome|devtools|app)$/;

/** The scheme of a redirect URI, without its colon; null when it is none of an app. */
export function customSchemeOf(redirectUri: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(redirectUri.trim())?.[1]?.toLowerCase();
  return scheme === undefined || foreign.test(scheme) || !URL.canParse(redirectUri) ? null : scheme;
}

const instead =
  'register http://127.0.0.1/callback as a redirect URI of the client and set it in the profile, or use an automation script.';

/** There is nobody here who could get the redirect. */
export function unusableRedirect(redirectUri: string): AppError {
  const scheme = customSchemeOf(redirectUri);
  const shown = redirectUri.slice(0, 200);
  return new AppError(
    'consent_redirect_unusable',
    scheme === null
      ? `The system browser cannot bring the redirect to ${shown} back to Grantwright.`
      : `The system browser can bring the redirect to ${shown} back to the desktop app only.`,
    {
      action:
        scheme === null
          ? `${instead[0]?.toUpperCase()}${instead.slice(1)}`
          : `Sign in with the desktop app, ${instead}`,
    },
  );
}

/** The system would not have this app get the scheme's addresses. */
export function schemeRefused(scheme: string): AppError {
  return new AppError(
    'consent_redirect_unusable',
    `This system does not bring addresses of ${scheme}: to Grantwright.`,
    { action: `Choose Automatic as the consent browser of the profile, ${instead}` },
  );
}
