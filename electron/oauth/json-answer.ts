import type { z } from 'zod';
import type { Finding } from '../../shared/model/finding.ts';
import type { Secret } from '../../shared/secret.ts';
import type { ClientExchange } from './client-request.ts';
import { endpointFailure, unusableAnswer } from './endpoint-failure.ts';
import { errorWords } from './error-words.ts';
import { describeBody, isObject, type Members } from './json-body.ts';
import { tokensIn } from './members.ts';
import { readBody } from './quirks/read-body.ts';

/** As much of an exchange as its answer is read by. */
export type Answered = Pick<ClientExchange, 'asked' | 'response' | 'secrets' | 'receivedAtMs'>;

/** What a server answered that is a JSON object, or was written in place of one, and no error. */
export interface JsonAnswer {
  members: Members;
  /** How it is not written as RFC 8259 and RFC 6749 section 5.1 have it. */
  findings: Finding[];
  /** What was sent and what came: none of it may stand in a text. */
  secrets: readonly Secret[];
}

/**
 * Reads the answer to a request that a client posts, however it is written. `isWanted`: whether members are what was asked
 * for, so that an `error` beside them is none; default: they never are. Throws `invalid_client`, and the code of the endpoint
 * for an error (RFC 6749 section 5.2; with status 200 too), a redirect, or a body without a JSON object.
 */
export async function readAnswer(
  { asked, response, secrets: sent, receivedAtMs }: Answered,
  isWanted: (members: Members) => boolean = () => false,
): Promise<JsonAnswer> {
  const { value, text, findings } = await readBody(response, { secrets: sent, receivedAtMs, aheadMs: 0 });
  const secrets = [...sent, ...tokensIn(value)];
  const words = errorWords(value, secrets);
  const isError = words.error !== undefined && !(isObject(value) && isWanted(value));
  if (response.status >= 400 || (response.ok && isError)) {
    const told = words.error === undefined ? [] : [...findings, ...words.findings];
    throw endpointFailure(asked, response, { ...words, findings: told }, receivedAtMs);
  }
  const refuse = (what: string) => unusableAnswer(asked, response, what, secrets);
  if (!response.ok) throw refuse('a redirect');
  if (value === undefined) throw refuse(describeBody(response, text));
  if (!isObject(value)) throw refuse('JSON that is no object');
  return { members: value, findings, secrets };
}

/**
 * What a schema asks for in such an answer; an `error` beside it is a member like any other. `without`: what an answer is
 * called that has none of it. Throws as `readAnswer` does, and the code of the endpoint for an answer without.
 */
export async function readWanted<Wanted>(
  exchange: Answered,
  schema: z.ZodType<Wanted>,
  without: string,
): Promise<{ wanted: Wanted; secrets: readonly Secret[] }> {
  const { members, secrets } = await readAnswer(exchange, (all) => schema.safeParse(all).success);
  const { data, success } = schema.safeParse(members);
  if (success) return { wanted: data, secrets };
  throw unusableAnswer(exchange.asked, exchange.response, without, secrets);
}
