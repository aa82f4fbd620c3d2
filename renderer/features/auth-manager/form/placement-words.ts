import { assertNever } from '../../../../shared/errors.ts';
import type { ProfileForm } from '../profile-form.ts';
import { prefixOf } from './placement-form.ts';

const masked = 'eyJh…••••';

/** What of the token goes out with a request, with a token that is none. */
export function placementPreview(form: ProfileForm): string {
  const { placementKind, placementName } = form;
  switch (placementKind) {
    case 'header': {
      const own = form.dpop === 'on' && form.placedToken === 'access_token' ? 'DPoP' : 'Bearer';
      return `${form.placementHeader}: ${[prefixOf(form) ?? own, masked].filter(Boolean).join(' ')}`;
    }
    case 'query':
      return `GET /orders?${placementName}=${masked}`;
    case 'form':
      return `POST /orders, with ${placementName}=${masked} in its form`;
    case 'cookie':
      return `Cookie: ${placementName}=${masked}`;
    default:
      return assertNever(placementKind);
  }
}

/** A word on which token is sent. */
export function placedTokenHint({
  placedToken,
  scope,
  grantKind,
  implicitResponseType,
}: ProfileForm): string {
  if (placedToken === 'access_token')
    return 'An ID token is for APIs that take it in place of an access token.';
  const asked = grantKind === 'implicit' && implicitResponseType.includes('id_token');
  const openid = asked || scope.includes('{{') || scope.split(/\s+/).includes('openid');
  return openid ? 'It says who signed in.' : 'Add openid to the Scope: without it no ID token comes.';
}

/** Whether the access token goes as RFC 6750 section 2.1 has it. */
export function isUsualPlacement(form: ProfileForm): boolean {
  const header = form.placementKind === 'header' && form.placementHeader === 'Authorization';
  return header && form.placementPrefixKind === 'type' && form.placedToken === 'access_token';
}
