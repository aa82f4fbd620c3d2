import { z } from 'zod';
import type { Finding } from '../../shared/model/finding.ts';
import type { Secret } from '../../shared/secret.ts';
import { isObject } from './json-body.ts';
import { errorQuirks } from './quirks/error-quirks.ts';
import { mended } from './quirks/quirk.ts';
import { registeredErrors } from './quirks/registered-errors.ts';
import { serverText } from './server-text.ts';

const text = z.string().min(1).optional().catch(undefined);

/** RFC 6749 section 5.2; what says the same in other ways was brought to it by the quirks. */
const errorBodySchema = z.object({ error: text, error_description: text }).catch({});

/** What the server said of an error; both parts undefined when the body says nothing. */
export interface ErrorWords {
  error: string | undefined;
  description: string | undefined;
  /** In what it was not said as the RFC has it. */
  findings: readonly Finding[];
}

/** They are words of the protocol, even where somebody's secret is "client": what is done about an error hangs on them. */
function errorName(error: string, secrets: readonly Secret[]): string {
  return registeredErrors.has(error) ? error : serverText(error, secrets, 100);
}

/** Reads an error out of an answer's JSON, with none of the secrets of the request in it. */
export function errorWords(json: unknown, secrets: readonly Secret[]): ErrorWords {
  const only: unknown = Array.isArray(json) ? json[0] : json;
  const members = isObject(only) ? only : {};
  const { subject, findings } = mended(errorQuirks, members, { secrets, receivedAtMs: 0, aheadMs: 0 });
  const { error, error_description } = errorBodySchema.parse(subject);
  return {
    error: error === undefined ? undefined : errorName(error, secrets),
    description: error_description === undefined ? undefined : serverText(error_description, secrets),
    findings: error === undefined ? [] : findings,
  };
}
