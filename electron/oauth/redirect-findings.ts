import { type Advice, adviceOn, met } from '../../shared/advisor/advice.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { PendingAuthorization } from './authorization.ts';

/** Where in a redirect its answer stands. */
export type AnswerPlace = 'query' | 'fragment' | 'form_post';

const placeWords: Record<AnswerPlace, string> = {
  query: 'in the query of the redirect',
  fragment: 'in the fragment of the redirect',
  form_post: 'as a posted form',
};

/** How a server is to answer that was not told how (OAuth 2.0 Multiple Response Type Encoding Practices sections 3 and 5). */
function placeAskedFor({ responseMode, responseType }: PendingAuthorization): AnswerPlace {
  if (responseMode !== 'default') return responseMode;
  return responseType === 'code' ? 'query' : 'fragment';
}

/** An answer that came, and where it was to come. */
interface Arrival {
  place: AnswerPlace;
  wanted: AnswerPlace;
  /** Whether there is a token in it. */
  holdsToken: boolean;
}

const tokenInQuery = ({ place, holdsToken }: Arrival): boolean => place === 'query' && holdsToken;

export const redirectAdvice: readonly Advice<Arrival>[] = [
  {
    code: 'redirect_token_in_query',
    severity: 'high',
    source: 'OAuth 2.0 Multiple Response Type Encoding Practices section 3',
    text: () =>
      'The server sent a token in the query of the redirect, where it ends up in logs and histories; it belongs in the fragment.',
    find: (arrival) => met(tokenInQuery(arrival)),
  },
  {
    code: 'response_mode_ignored',
    severity: 'low',
    source: 'OAuth 2.0 Multiple Response Type Encoding Practices section 2.1',
    text: (about) => `The answer came otherwise than it was asked for: ${about}.`,
    find: (arrival) =>
      arrival.place === arrival.wanted || tokenInQuery(arrival)
        ? null
        : `${placeWords[arrival.place]}, not ${placeWords[arrival.wanted]}`,
  },
];

/** In what the way that an answer came is not the one that was asked for, which is no reason to refuse it. */
export function redirectFindings(place: AnswerPlace, pending: PendingAuthorization): Finding[] {
  const holdsToken = pending.responseType !== 'code';
  return adviceOn(redirectAdvice, { place, wanted: placeAskedFor(pending), holdsToken });
}
