import { type Advice, adviceOn, met } from '../../../shared/advisor/advice.ts';
import { Secret } from '../../../shared/secret.ts';
import { scopeParameter } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import { incomplete } from '../endpoint-url.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';
import { grantOf } from './grant-of.ts';

/** RFC 8693 section 2.1. */
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';

const storeIt = 'Store the token that is to be exchanged in the profile.';

/** What is told of an answer by the names that stand in it. */
export const exchangeAdvice: readonly Advice<readonly string[]>[] = [
  {
    code: 'issued_token_type_missing',
    severity: 'low',
    source: 'RFC 8693 section 2.2.1',
    text: () => 'The answer does not say of which type the token is that came for the subject token.',
    find: (names) => met(!names.includes('issued_token_type')),
  },
];

function parametersOf(profile: ResolvedProfile): { parameters: Record<string, string>; secrets: Secret[] } {
  const grant = grantOf(profile, 'token_exchange');
  const [subject, actor] = [grant.subjectToken.reveal().trim(), grant.actorToken.reveal().trim()];
  if (subject === '') throw incomplete(profile, 'grant.subjectToken', storeIt);
  if (grant.subjectTokenType === '') throw incomplete(profile, 'grant.subjectTokenType');
  if (actor !== '' && grant.actorTokenType === '') throw incomplete(profile, 'grant.actorTokenType');
  const { requestedTokenType } = grant;
  return {
    parameters: {
      ...scopeParameter(profile),
      subject_token: subject,
      subject_token_type: grant.subjectTokenType,
      // A type without its token is an error (section 2.1).
      ...(actor === '' ? {} : { actor_token: actor, actor_token_type: grant.actorTokenType }),
      ...(requestedTokenType === '' ? {} : { requested_token_type: requestedTokenType }),
    },
    secrets: [subject, actor].filter((token) => token !== '').map((token) => new Secret(token)),
  };
}

/**
 * Token exchange (RFC 8693 section 2.1): the subject token, with an actor's if there is one, for another token. What is
 * issued need not be an access token: it then has the type `N_A` (section 2.2.1), and is sent to an API as a bearer
 * token. `audience` and `resource` are parameters of the profile. Throws `profile_incomplete` naming what is missing, and
 * what `requestToken` throws.
 */
export async function tokenExchange(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const answer = await requestToken(
    profile,
    { grantType, ...parametersOf(profile), nonce: null },
    context,
    signal,
  );
  const names = answer.redacted.fields.map(({ name }) => name);
  return {
    ...answer,
    tokenType: /^n_a$/i.test(answer.tokenType) ? 'Bearer' : answer.tokenType,
    findings: [...answer.findings, ...adviceOn(exchangeAdvice, names)],
  };
}
