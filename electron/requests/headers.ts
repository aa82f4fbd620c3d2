import { AppError } from '../../shared/errors.ts';
import { framingHeaders, isHeaderName, isHeaderValue } from '../../shared/model/header-field.ts';
import type { Header } from '../../shared/model/request.ts';

/** What every request carries unless its own headers say otherwise. */
export const defaultHeaders: readonly Header[] = [
  { name: 'accept', value: '*/*' },
  { name: 'accept-encoding', value: 'gzip, deflate, br' },
  { name: 'user-agent', value: 'Grantwright' },
];

/** Whether a header of this name is there, in any case. */
export function hasHeader(headers: readonly Header[], name: string): boolean {
  return headers.some((header) => header.name.toLowerCase() === name.toLowerCase());
}

/** The value of the first header of this name, in any case. */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;
}

/** Checks a header that goes out (RFC 9110 section 5). Throws `request_invalid`, which never holds the value. */
export function checkHeader(header: Header): Header {
  const name = header.name.replace(/\p{Cc}/gu, ' ').slice(0, 80);
  if (!isHeaderName(header.name)) {
    throw invalid(
      `"${name}" is not a header name`,
      'Use letters, digits and hyphens, without spaces or a colon.',
    );
  }
  if (framingHeaders.has(name.toLowerCase())) {
    throw invalid(`The header ${name} is set by Grantwright itself`, 'Remove it from the request.');
  }
  if (!isHeaderValue(header.value)) {
    throw invalid(
      `The value of the header ${name} has a line break or a character that no header can carry`,
      'Remove it, from the value or from the variables in it; encode what is not Latin text.',
    );
  }
  return header;
}

function invalid(message: string, action: string): AppError {
  return new AppError('request_invalid', `${message}.`, { action });
}
