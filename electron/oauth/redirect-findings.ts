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

/** In what the way that an answer came is not the one that was asked for, which is no reason to refuse it. */
export function redirectFindings(place: AnswerPlace, pending: PendingAuthorization): Finding[] {
  const wanted = placeAskedFor(pending);
  if (place === 'query' && pending.responseType !== 'code') {
    return [
      {
        code: 'redirect_token_in_query',
        text: 'The server sent a token in the query of the redirect, where it ends up in logs and histories; it belongs in the fragment.',
        source: 'OAuth 2.0 Multiple Response Type Encoding Practices section 3',
        severity: 'high',
      },
    ];
  }
  if (place === wanted) return [];
  return [
    {
      code: 'response_mode_ignored',
      text: `The answer came ${placeWords[place]}; it was asked for ${placeWords[wanted]}.`,
      source: 'OAuth 2.0 Multiple Response Type Encoding Practices section 2.1',
      severity: 'low',
    },
  ];
}
