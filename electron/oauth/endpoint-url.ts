import { AppError } from '../../shared/errors.ts';
import { serverLabels } from '../../shared/model/server-labels.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** The fields of a profile that the protocol can find empty or wrong, by their path, with their label in the form. */
export const fieldLabels = {
  ...serverLabels,
  'client.id': 'Client ID',
  'client.secret': 'Client secret',
  'grant.redirectUri': 'Redirect URI',
  'grant.refreshToken': 'Refresh token',
  'grant.subjectToken': 'Subject token',
  'grant.subjectTokenType': 'Subject token type',
  'grant.actorTokenType': 'Actor token type',
  'grant.hintValue': 'Hint',
  'grant.assertion': 'Assertion',
  postLogoutRedirectUri: 'Post-logout redirect URI',
} as const;
export type ProfileField = keyof typeof fieldLabels;

/** `profile_incomplete` by default, naming the field in the message and its path in `details.field`. */
export function incomplete(
  profile: ResolvedProfile,
  field: ProfileField,
  action?: string,
  code: 'profile_incomplete' | 'endpoint_missing' = 'profile_incomplete',
): AppError {
  return new AppError(code, `The profile "${profile.name}" has no ${fieldLabels[field]}.`, {
    action: action ?? `Fill in the ${fieldLabels[field]} in the profile.`,
    details: { profile: profile.id, field },
  });
}

/** What is wrong with a URL as an endpoint (RFC 6749 section 3), or null. Never quotes it: it may hold a secret. */
export function endpointProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'is not a whole URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (text.includes('#')) return 'must not have a fragment (#)';
  return null;
}

function badUrl(profile: ResolvedProfile, field: ProfileField, problem: string, action: string): AppError {
  return new AppError(
    'url_invalid',
    `The ${fieldLabels[field]} of the profile "${profile.name}" ${problem}.`,
    { action, details: { profile: profile.id, field } },
  );
}

/** Parses a URL that stands in a profile; `url_invalid` names the field and what is wrong with it. */
export function endpointUrl(profile: ResolvedProfile, field: ProfileField, text: string): URL {
  const problem = endpointProblem(text);
  if (problem === null) return new URL(text);
  throw badUrl(profile, field, problem, `Correct the ${fieldLabels[field]} in the profile.`);
}

/** `url_invalid` unless it can be a place to come back to: a whole URL, without a fragment (RFC 6749 section 3.1.2). */
export function checkRedirectUri(profile: ResolvedProfile, field: ProfileField, uri: string): void {
  if (URL.canParse(uri) && !uri.includes('#')) return;
  const action = 'Write it exactly as it is registered with the authorization server.';
  throw badUrl(profile, field, 'is not a whole URL without a fragment', action);
}
