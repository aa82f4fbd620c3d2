import { AppError } from '../../shared/errors.ts';
import { mask, type ResolvedText } from './variables.ts';

/** Checks a request's URL before anything is sent to it. Throws `url_invalid`; messages hold only its shown form. */
export function checkUrl(url: ResolvedText): URL {
  const text = url.text.trim();
  const shown = shownUrl(url);
  if (text === '')
    throw invalid('The request has no URL', 'Enter one, for example https://api.example.com/orders.');
  if (/\p{Cc}/u.test(text)) {
    throw invalid(
      `The URL ${shown} has a line break or another control character in it`,
      'Remove it, from the URL or from the variables in it.',
    );
  }
  if (!/^https?:\/\//i.test(text)) {
    throw invalid(
      `The URL ${shown} does not begin with http:// or https://`,
      'Write it in full, for example http://localhost:3000/orders.',
    );
  }
  if (!URL.canParse(text)) throw invalid(`${shown} is not a URL`, 'Check its host and port.');
  const address = new URL(text);
  if (address.username !== '' || address.password !== '') {
    throw invalid(
      `The URL ${shown} has a user name or a password in it`,
      'Take it out and send an Authorization header instead, with a secret variable as its value.',
    );
  }
  if (hasSecretServer(url)) {
    throw invalid(
      `The server in the URL ${shown} comes from a secret`,
      'Make that a plain variable: messages name the server of a request.',
    );
  }
  return address;
}

/** The URL as a message may hold it: secrets masked, a password typed into it taken out, cut to a readable length. */
function shownUrl(url: ResolvedText): string {
  const bare = url.shown
    .trim()
    .replace(/\/\/[^/?#]*@/, '//')
    .replace(/\p{Cc}+/gu, ' ');
  return bare.length > 200 ? `${bare.slice(0, 200)}…` : bare;
}

/** Whether a secret went into the scheme, host or port of a URL. */
export function hasSecretServer(url: ResolvedText): boolean {
  if (url.secrets.length === 0) return false;
  const server = /^https?:[\\/]+[^\\/?#]*/i.exec(url.shown.trim());
  return server === null || server[0].includes(mask);
}

function invalid(message: string, action: string): AppError {
  return new AppError('url_invalid', `${message}.`, { action });
}
