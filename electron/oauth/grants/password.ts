import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { scopeParameter } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';
import { grantOf } from './grant-of.ts';

function valueMissing(profile: ResolvedProfile, field: 'userValue' | 'passwordValue', value: string) {
  const what = field === 'userValue' ? 'user name' : 'password';
  return new AppError(
    'profile_incomplete',
    `The persona of the profile "${profile.name}" has no value "${value}", which is the ${what} to log in with.`,
    {
      action: `Give the persona a value "${value}", or choose in the profile which of its values is the ${what}.`,
      details: { profile: profile.id, field: `grant.${field}`, value },
    },
  );
}

/**
 * The resource owner password credentials grant (RFC 6749 section 4.3): the persona's user name and password go to the
 * token endpoint, there is no screen. Throws `profile_incomplete` naming the value of the persona that is missing, and
 * what `requestToken` throws.
 */
export async function passwordGrant(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const { username, password, userValue, passwordValue } = grantOf(profile, 'password');
  const user = username instanceof Secret ? username.reveal() : username;
  if (user === '') throw valueMissing(profile, 'userValue', userValue);
  if (password.reveal() === '') throw valueMissing(profile, 'passwordValue', passwordValue);
  const parameters = { ...scopeParameter(profile), username: user, password: password.reveal() };
  const secrets = [password, ...(username instanceof Secret ? [username] : [])];
  return requestToken(profile, { grantType: 'password', parameters, secrets, nonce: null }, context, signal);
}
