import { createHash } from 'node:crypto';
import { type CryptoKey, type KeyObject, SignJWT } from 'jose';
import type { Configuration } from 'oidc-provider';
import type { PendingAuthorization } from '../../../../electron/oauth/authorization.ts';
import { startAuthorization } from '../../../../electron/oauth/authorization.ts';
import type { OAuthContext } from '../../../../electron/oauth/context.ts';
import type { RedirectCapture } from '../../../../electron/oauth/redirect-capture.ts';
import type { ResolvedGrant, ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import type { CodeResponseType, ImplicitResponseType, ResponseMode } from '../../../../shared/model/grant.ts';
import { Secret } from '../../../../shared/secret.ts';
import { type ProfileOverrides, testProfile } from '../../../fixtures/oauth-profile.ts';
import {
  followToAnswer,
  type OidcServer,
  oidcRedirectUri,
  oidcSecret,
  startOidcServer,
} from '../../../fixtures/oidc-server.ts';

export const frontRedirectUri = oidcRedirectUri.replace('127.0.0.1', '127.0.0.1:4711');

const responseTypes = [
  ...(['code', 'id_token', 'id_token token'] as const),
  ...(['code id_token', 'code token', 'code id_token token'] as const),
];

function withFrontChannel(configuration: Configuration): Configuration {
  const front = {
    ...{ redirect_uris: [oidcRedirectUri], application_type: 'native' as const },
    ...{ response_types: responseTypes, grant_types: ['authorization_code', 'implicit', 'refresh_token'] },
    ...{ token_endpoint_auth_method: 'none' as const, id_token_signed_response_alg: 'ES256' as const },
  };
  return {
    ...configuration,
    responseTypes,
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'HS256'] },
    clients: [
      { ...front, client_id: 'front' },
      {
        ...{ ...front, client_id: 'front-hmac', client_secret: oidcSecret.repeat(2) },
        ...{ token_endpoint_auth_method: 'client_secret_basic', id_token_signed_response_alg: 'HS256' },
      },
    ],
  };
}

/** A real OpenID provider whose clients may use every response type but `token`, which it does not have. */
export function startFrontChannelServer(): Promise<OidcServer> {
  return startOidcServer({ adjust: withFrontChannel });
}

/** A profile of its client, which is public, or signs and proves itself with a secret. */
export function frontProfile(
  server: OidcServer,
  responseType: CodeResponseType | ImplicitResponseType,
  { responseMode = 'default', hmac = false, ...overrides }: FrontOptions = {},
): ResolvedProfile {
  const redirected = { redirectUri: frontRedirectUri, responseMode };
  const grant: ResolvedGrant = isCodeType(responseType)
    ? { kind: 'authorization_code', ...redirected, responseType, pkce: 'S256' }
    : { kind: 'implicit', ...redirected, responseType };
  const secret = new Secret(oidcSecret.repeat(2));
  return testProfile({
    grant,
    server: { issuer: server.url },
    client: hmac ? { kind: 'client_secret_basic', id: 'front-hmac', secret } : { kind: 'none', id: 'front' },
    scope: 'openid orders',
    ...overrides,
  });
}

type FrontOptions = ProfileOverrides & { responseMode?: ResponseMode; hmac?: boolean };

function isCodeType(type: CodeResponseType | ImplicitResponseType): type is CodeResponseType {
  return type.startsWith('code');
}

/** The consent of a person who allows everything. */
export async function frontConsent(
  profile: ResolvedProfile,
  context: OAuthContext,
): Promise<{ pending: PendingAuthorization; capture: RedirectCapture }> {
  const pending = await startAuthorization(profile, frontRedirectUri, context);
  return { pending, capture: await followToAnswer(pending.url, frontRedirectUri) };
}

/** An issuer that nobody asks anything. */
export const frontIssuer = 'https://login.example';

/** What is kept of a request to it for the client `front`: its state is `s1`, its nonce `n1`. */
export function frontPending(
  responseType: CodeResponseType | ImplicitResponseType,
  more: Partial<PendingAuthorization> = {},
): PendingAuthorization {
  return {
    ...{ url: `${frontIssuer}/auth`, redirectUri: frontRedirectUri, responseType, responseMode: 'default' },
    ...{ state: new Secret('s1'), nonce: new Secret('n1'), codeVerifier: null, dpopKey: null },
    ...{ issuer: frontIssuer, announcesIssuer: false },
    ...more,
  };
}

/** An id token that answers it, for "ada"; `claims` are in place of its own. */
export function frontIdToken(
  key: CryptoKey | KeyObject | Uint8Array,
  claims: Record<string, string> = {},
  alg = 'ES256',
): Promise<string> {
  return new SignJWT({ iss: frontIssuer, aud: 'front', sub: 'ada', nonce: 'n1', ...claims })
    .setProtectedHeader({ alg })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);
}

/** What an id token says of a value beside it where it is signed with SHA-256 (OpenID Connect Core 3.3.2.11). */
export function halfHash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** A capture in which one parameter is another. */
export function withParameter(capture: RedirectCapture, name: string, value: string): RedirectCapture {
  const [place = '', fragment = ''] = capture.url.split('#');
  const parameters = new URLSearchParams(fragment);
  parameters.set(name, value);
  return { ...capture, url: `${place}#${parameters}` };
}
