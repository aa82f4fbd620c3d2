import type { ErrorWire } from '../../../shared/errors.ts';

/** How long after the last key a script is looked at for mistakes, in milliseconds. */
export const idleMs = 400;

/** A syntax error as it stands under the editor: the reason, and in which line; which script it is in can be seen. */
export function syntaxWords({ message, details }: ErrorWire): string {
  const reason = message.replace(/^.*?\): /s, '');
  return details?.line === undefined ? reason : `Line ${details.line}: ${reason}`;
}
