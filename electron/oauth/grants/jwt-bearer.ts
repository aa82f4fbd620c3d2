import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { scopeParameter } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import { incomplete } from '../endpoint-url.ts';
import { endpoints } from '../endpoints.ts';
import { isObject, type Members, parseJson } from '../json-body.ts';
import { headerOf, privateKey } from '../keys/private-key.ts';
import type { ResolvedAssertion, ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';
import { grantOf } from './grant-of.ts';

/** RFC 7523 section 2.1. */
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

type Signed = Extract<ResolvedAssertion, { kind: 'signed' }>;

function badClaims(profile: ResolvedProfile): AppError {
  return new AppError(
    'parameter_invalid',
    `The further claims of the assertion of the profile "${profile.name}" are no JSON object.`,
    {
      action: 'Write them as {"name": "value"}, or leave them empty.',
      details: { profile: profile.id, field: 'grant.assertion.claims' },
    },
  );
}

/** The further claims that the person wrote. */
function furtherClaims(profile: ResolvedProfile, text: string): Members {
  if (text.trim() === '') return {};
  const claims = parseJson(text);
  if (!isObject(claims)) throw badClaims(profile);
  return claims;
}

/** The claims of RFC 7523 section 3; one that the person wrote themselves goes before ours. */
async function sign(
  profile: ResolvedProfile,
  assertion: Signed,
  context: OAuthContext,
  signal: AbortSignal | undefined,
): Promise<Secret> {
  const issuer = assertion.issuer === '' ? profile.client.id.trim() : assertion.issuer;
  if (issuer === '') throw incomplete(profile, 'client.id');
  const written = furtherClaims(profile, assertion.claims);
  const signing = await privateKey(profile, 'grant.assertion.key', assertion.key);
  const nowSeconds = Math.floor(context.now() / 1000);
  const claims = {
    iss: issuer,
    sub: assertion.subject === '' ? issuer : assertion.subject,
    aud: assertion.audience || (await endpoints(profile, ['tokenUrl'], context, signal)).tokenUrl,
    iat: nowSeconds,
    exp: nowSeconds + assertion.lifetimeSeconds,
    jti: randomUUID(),
    ...written,
  };
  const header = { ...headerOf(signing), typ: 'JWT' };
  return new Secret(await new SignJWT(claims).setProtectedHeader(header).sign(signing.key));
}

function given(profile: ResolvedProfile, assertion: Secret): Secret {
  const text = assertion.reveal().trim();
  if (text === '') throw incomplete(profile, 'grant.assertion', 'Store the JWT in the profile.');
  return new Secret(text);
}

/**
 * A JWT as an authorization grant (RFC 7523 section 2.1): signed here with the profile's key, anew for each request, or
 * given as it is. Throws `profile_incomplete`, `parameter_invalid` for claims that are no JSON object, and what
 * `privateKey` and `requestToken` throw.
 */
export async function jwtBearer(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const { assertion } = grantOf(profile, 'jwt_bearer');
  const jwt =
    assertion.kind === 'given'
      ? given(profile, assertion.assertion)
      : await sign(profile, assertion, context, signal);
  const parameters = { ...scopeParameter(profile), assertion: jwt.reveal() };
  return requestToken(profile, { grantType, parameters, secrets: [jwt], nonce: null }, context, signal);
}
